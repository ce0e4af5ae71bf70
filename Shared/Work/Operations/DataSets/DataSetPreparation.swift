import Documents
import Faults
import Foundation
package import JobEngine
package import Plans
import Studies

/// A wish to have the cases of a data set made network-ready anew, by another plan, from the volumes and labels that
/// they were made of: the folder they were imported from is not needed.
package struct DataSetPreparation: Sendable {
    package struct Job: Sendable {
        package let caseName: String
        package let id: JobID
    }

    package var dataSet: String
    package var tenant: Tenant
    package var plan: Plan
    package var priority = Priority.bulk

    package init(dataSet: String, tenant: Tenant, plan: Plan) {
        self.dataSet = dataSet
        self.tenant = tenant
        self.plan = plan
    }

    /// One job for each case that is not prepared by the plan yet, or for another use than its split has now. Each case changes when its own job has ended; its
    /// split stays.
    ///
    /// - Throws: `OperationError`: `missing` where there is no such data set, `badInput` where none of its cases has kept
    ///   the bytes it was made from.
    package func place(in system: SystemConnection) async throws -> [Job] {
        try await system.requireOpen(dataSet, tenant: tenant)
        let sources = try await system.catalog.snapshot(dataSet: dataSet, tenant: tenant).cases
        let all = try await system.cases(of: dataSet, tenant: tenant).count
        guard !sources.isEmpty else {
            throw OperationError(
                .badInput,
                "no case of data set '\(dataSet)' has kept the volume and labels it was made from: import them anew with --replace and --plan"
            )
        }
        if all > sources.count {
            system.remark(
                "\(all - sources.count) of \(Wording.count(all, "case")) have no volume and labels of their own and stay as they are: import them anew"
            )
        }
        let (learned, validated) = (try plan.preprocessingSignature(), try plan.preprocessingSignature(cropTo: .label))
        let wanted = sources.filter {
            $0.prepared.planDigest != ($0.split == DataSetCase.validationSplit ? validated : learned)
        }
        let json = String(decoding: try plan.json(), as: UTF8.self)
        let requests = try wanted.map { one in
            try JobRequest(
                PreprocessVolume(
                    order: StudyOrder(
                        pipeline: .import, dataSet: dataSet, caseName: one.name, planJSON: json,
                        cropsToLabel: one.split == DataSetCase.validationSplit)),
                tenant: tenant, priority: priority, inputs: [one.volume, one.truth])
        }
        let placed = try await system.store.enqueue(requests)
        return zip(wanted, placed).map { Job(caseName: $0.name, id: $1.id) }
    }
}
