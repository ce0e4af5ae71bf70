package import Foundation
package import JobEngine

/// A wish to set two evaluations against each other.
package struct ComparisonOrder: Sendable {
    package var a: Evaluation
    package var b: Evaluation
    package var priority: Priority

    package init(_ a: Evaluation, _ b: Evaluation, priority: Priority = .bulk) {
        self.a = a
        self.b = b
        self.priority = priority
    }

    /// Records the comparison with a job that waits for both evaluations. A repeat finds them.
    package func place(in store: any JobStore, _ catalog: any Catalog, actor: String, now: Date) async throws -> (comparison: UUID, job: JobID?) {
        let id = try DerivedID.of([a.id, b.id])
        try await catalog.register(comparison: id, a: a.id, b: b.id, job: nil, now: now)
        let parents = [a.summaryJob, b.summaryJob].compactMap { $0 }
        var placing = Placing(store: store, actor: actor, now: now)
        let request = JobRequest(
            kind: .compareEvaluations, tenant: a.identity.tenant, priority: priority,
            deduplicationKey: ["compare", id.uuidString.lowercased(), try DerivedID.of(parents).uuidString.lowercased()].joined(separator: "/"),
            parameters: try CanonicalJSON.string(CompareParameters(comparison: id, a: a.id, b: b.id)), parents: parents)
        let job = try await placing.place([request])[0]
        try await catalog.register(comparison: id, a: a.id, b: b.id, job: job, now: now)
        return (id, job)
    }
}
