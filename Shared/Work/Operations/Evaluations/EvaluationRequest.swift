import Anatomy
import Documents
package import Evaluations
import Faults
import Foundation
package import JobEngine
package import Metrics
import Plans
package import Studies
import WorkerRuntime

/// What is asked of a model, a data set and its metrics.
package struct EvaluationRequest: Sendable {
    package var dataSet: String
    /// Or `EvaluationOrder.allCases`.
    package var split: String
    package var tenant: Tenant
    package var metrics = MetricOptions()
    package var repairs = false
    /// Sum up what is measured and leave out the cases that failed, instead of trying them anew.
    package var skipsFailed = false
    package var priority = Priority.bulk

    package init(dataSet: String, split: String, tenant: Tenant) {
        self.dataSet = dataSet
        self.split = split
        self.tenant = tenant
    }

    /// The evaluation of a model, with all that could be wrong with it checked; nothing is ordered yet.
    ///
    /// - Throws: `OperationError`: `missing` where there is no such data set, `badInput` where there is nothing to measure
    ///   in it, or nothing to measure it in.
    package func order(_ model: ModelVersion, in system: SystemConnection) async throws -> EvaluationOrder {
        let snapshot = try await system.catalog.snapshot(dataSet: dataSet, tenant: tenant)
        let plan = try Plan(json: Data(model.planJSON.utf8))
        guard LabelSet.named(plan.labelSet) != nil else {
            throw OperationError(
                .badInput,
                "\(model.reference) gives labels of '\(plan.labelSet)', and cases are measured in \(LabelSet.all.map(\.name).joined(separator: " or ")): it cannot be evaluated"
            )
        }
        let order = EvaluationOrder(
            model: model, preprocessing: try plan.inferenceSignature(), snapshot: snapshot,
            split: split == EvaluationOrder.allCases ? nil : split,
            options: metrics, repairs: repairs, skipsFailed: skipsFailed, release: CodeVersion.release,
            priority: priority)
        guard !order.cases.isEmpty else { throw try await nothingToMeasure(snapshot, in: system) }
        return order
    }

    /// Orders what was checked, and remarks on what an evaluation cannot know by itself. A repeat makes only what is
    /// missing.
    package func place(_ order: EvaluationOrder, in system: SystemConnection) async throws -> EvaluationOrder.Placed {
        try await warn(of: order, in: system)
        return try await order.place(in: system.store, system.catalog, actor: system.actor)
    }

    private func warn(of order: EvaluationOrder, in system: SystemConnection) async throws {
        let all = try await system.catalog.cases(dataSet: order.snapshot.dataSet, tenant: tenant, split: nil).count
        if all > order.snapshot.cases.count {
            system.remark(
                "\(all - order.snapshot.cases.count) of \(Wording.count(all, "case")) have no volume and truth of their own and cannot be measured: import them anew"
            )
        }
        let learned = try await LearnedCases(of: order.model, in: system)
        let known = order.cases.count { learned.contains($0) }
        if known > 0 {
            system.remark(
                "\(order.model.reference) has learned from \(known) of these \(Wording.count(order.cases.count, "case")): its figures are not those of new cases"
            )
        }
    }

    private func nothingToMeasure(_ snapshot: DataSetSnapshot, in system: SystemConnection) async throws
        -> OperationError
    {
        guard !snapshot.cases.isEmpty else { return try await system.noCases(dataSet, tenant) }
        let splits = Dictionary(grouping: snapshot.cases, by: \.split).map { "\($0.value.count) in \($0.key)" }.sorted()
            .joined(separator: ", ")
        return OperationError(
            .badInput,
            "data set '\(snapshot.dataSet)' has no case in split '\(split)' (\(splits)): put some there with `columna dataset split`, or say --split all"
        )
    }
}
