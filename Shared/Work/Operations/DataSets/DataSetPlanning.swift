import Documents
import Faults
package import JobEngine
import Registry
import Studies

/// A wish to have a network planned for a data set as nnU-Net plans it: from a fingerprint of the cases that models
/// learn from.
package struct DataSetPlanning: Sendable {
    package var dataSet: String
    package var tenant: Tenant
    package var split = DataSetCase.trainingSplit
    package var priority = Priority.routine

    /// Of how fingerprints are taken: a new one makes them anew.
    private static let revision = 1

    package init(dataSet: String, tenant: Tenant) {
        self.dataSet = dataSet
        self.tenant = tenant
    }

    /// Places the job that takes the fingerprint, or finds the one that took it of the same cases; one that failed is
    /// tried anew.
    ///
    /// - Throws: `OperationError`: `missing` where there is no such data set, `badInput` where it has no cases to plan by.
    package func place(in system: SystemConnection) async throws -> JobID {
        let snapshot = try await system.catalog.snapshot(dataSet: dataSet, tenant: tenant)
        let cases = snapshot.cases.filter { $0.split == split }
        try await requireCases(cases, of: snapshot, in: system)
        let request = try JobRequest(
            FingerprintDataSet(dataSet: dataSet, cases: cases), tenant: tenant, priority: priority,
            deduplicationKey: "fingerprint-\(Self.revision)/\(dataSet)/\(split)/\(snapshot.digest)")
        let placed = try await system.store.enqueue([request])[0]
        if case .duplicate(let known) = placed, let state = try await system.store.job(known)?.state,
            state == .dead || state == .cancelled
        {
            _ = try await system.store.replayJob(known, actor: system.actor)
        }
        return placed.id
    }

    private func requireCases(_ cases: [SourceCase], of snapshot: DataSetSnapshot, in system: SystemConnection)
        async throws
    {
        let all = try await system.cases(of: dataSet, tenant: tenant).count
        if all > snapshot.cases.count {
            system.remark(
                "\(all - snapshot.cases.count) of \(Wording.count(all, "case")) have no volume and labels of their own and are left out: import them anew"
            )
        }
        guard cases.isEmpty else { return }
        throw OperationError(
            .badInput,
            "data set '\(dataSet)' of tenant \(tenant) has no cases in split \(split) to plan by: put some there with `columna dataset split`"
        )
    }
}
