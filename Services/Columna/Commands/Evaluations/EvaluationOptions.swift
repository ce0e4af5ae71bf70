import Anatomy
import ArgumentParser
import Console
import Documents
import Evaluations
import Foundation
import JobEngine
import Metrics
import Operations
import Plans
import Studies
import WorkerRuntime

/// What `evaluate` and `compare` ask of a data set and its metrics.
struct EvaluationOptions: ParsableArguments {
    @Option(name: [.customLong("data-set"), .customLong("dataset")], help: "The data set whose cases are measured.")
    var dataSet: String?

    @Option(help: "Which of its cases: test, train, a split of your own, or all.")
    var split = "test"

    @Option(
        name: .customLong("tolerance"),
        help: ArgumentHelp(
            "A further tolerance of boundary F1 and surface Dice beside 1.5 and 3 mm; again for more.", valueName: "mm")
    )
    var tolerances: [Double] = []

    @Option(help: "What ratios say of classes that a map lacks: undefined, monai, nnu-net or miseval.")
    var emptyClasses = EmptyClassPolicy.undefined

    @Flag(inversion: .prefixedNo, help: "Measure distances between marching-cubes surfaces too.")
    var mesh = true

    @Flag(help: "Repair label maps where that is unambiguous; metrics are kept with and without.")
    var repair = false

    @Flag(help: "Sum up what is measured and leave out the cases that failed, instead of trying them anew.")
    var skipFailed = false

    @Option(help: "Whose data set.")
    var tenant = "local"

    @Option(help: "urgent, routine or bulk.")
    var priority = Priority.bulk

    func validate() throws {
        guard tolerances.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
            throw ValidationError(
                "--tolerance takes numbers of mm, 0 or more, got \(tolerances.map { "\($0)" }.joined(separator: " "))")
        }
    }

    /// Always those that tables and views show.
    private var metricOptions: MetricOptions {
        let wanted = Set(MetricOptions().tolerancesInMillimetres + tolerances)
        return MetricOptions(tolerancesInMillimetres: wanted.sorted(), emptyClasses: emptyClasses, measuresMeshes: mesh)
    }

    /// The evaluation of a model by these options, with all that could be wrong with it checked; nothing is ordered
    /// yet.
    func order(_ model: ModelVersion, in system: SystemConnection) async throws -> EvaluationOrder {
        guard let dataSet else { throw ValidationError("name the data set with --data-set") }
        let snapshot = try await system.catalog.snapshot(dataSet: dataSet, tenant: tenant)
        let plan = try Plan(json: Data(model.planJSON.utf8))
        guard LabelSet.named(plan.labelSet) != nil else {
            throw CommandFailure(
                .badData,
                "\(model.reference) gives labels of '\(plan.labelSet)', and cases are measured in \(LabelSet.all.map(\.name).joined(separator: " or ")): it cannot be evaluated"
            )
        }
        let order = EvaluationOrder(
            model: model, preprocessing: try plan.preprocessingSignature(), snapshot: snapshot,
            split: split == EvaluationOrder.allCases ? nil : split,
            options: metricOptions, repairs: repair, skipsFailed: skipFailed, release: CodeVersion.release,
            priority: priority)
        guard !order.cases.isEmpty else { throw try await nothingToMeasure(snapshot, in: system) }
        return order
    }

    /// Orders what was checked.
    func place(_ order: EvaluationOrder, in system: SystemConnection) async throws -> EvaluationOrder.Placed {
        try await warn(of: order, in: system)
        return try await order.place(in: system.store, system.catalog, actor: system.actor)
    }

    /// Says what an evaluation cannot know by itself.
    private func warn(of order: EvaluationOrder, in system: SystemConnection) async throws {
        let all = try await system.catalog.cases(dataSet: order.snapshot.dataSet, tenant: tenant, split: nil).count
        if all > order.snapshot.cases.count {
            remark(
                "columna: \(all - order.snapshot.cases.count) of \(Wording.count(all, "case")) have no volume and truth of their own and cannot be measured: import them anew"
            )
        }
        guard let id = order.model.job, let job = try await system.store.job(id),
            let learned = try? TrainModel(of: job).cases
        else { return }
        let seen = Set(learned.map(\.image.address))
        let known = order.cases.count { seen.contains($0.prepared.image.address) }
        if known > 0 {
            remark(
                "columna: \(order.model.reference) has learned from \(known) of these \(Wording.count(order.cases.count, "case")): its figures are not those of new cases"
            )
        }
    }

    private func nothingToMeasure(_ snapshot: DataSetSnapshot, in system: SystemConnection) async throws
        -> CommandFailure
    {
        guard !snapshot.cases.isEmpty else {
            let remedy = try await system.remedyForMissing(dataSet: snapshot.dataSet, tenant: snapshot.tenant)
            return CommandFailure(
                .badData, "data set '\(snapshot.dataSet)' of tenant \(snapshot.tenant) has no cases: \(remedy)")
        }
        let splits = Dictionary(grouping: snapshot.cases, by: \.split).map { "\($0.value.count) in \($0.key)" }.sorted()
            .joined(separator: ", ")
        return CommandFailure(
            .badData,
            "data set '\(snapshot.dataSet)' has no case in split '\(split)' (\(splits)): put some there with `columna dataset split`, or say --split all"
        )
    }
}
