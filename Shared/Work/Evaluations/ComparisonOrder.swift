import Faults
package import JobEngine
package import Studies

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

    /// Throws `EvaluationError` unless both are ordered whole, of one tenant and measured by the same options.
    private func validate() throws {
        for one in [a, b] where one.summaryJob == nil {
            throw EvaluationError(
                .notComparable,
                "evaluation \(one.id) was not ordered to its end: order it again with `columna evaluate`"
            )
        }
        guard a.identity.tenant == b.identity.tenant else {
            throw EvaluationError(
                .notComparable,
                "the two evaluations belong to different tenants, \(a.identity.tenant) and \(b.identity.tenant): compare those of one"
            )
        }
        guard a.identity.optionsJSON == b.identity.optionsJSON else {
            throw EvaluationError(
                .notComparable,
                "the two were measured by different options, \(a.identity.optionsJSON) and \(b.identity.optionsJSON): "
                    + "name the models and --data-set, so that both are measured by the same")
        }
    }

    /// Records the comparison with a job that waits for both evaluations. A repeat finds them. Throws `EvaluationError`
    /// for two that cannot be compared.
    package func place(in store: any JobStore, _ catalog: any Catalog, actor: String) async throws -> (
        comparison: ComparisonID, job: JobID?
    ) {
        try validate()
        let id = ComparisonID(try DerivedID(of: [a.id, b.id]).uuid)
        try await catalog.register(comparison: id, a: a.id, b: b.id, job: nil)
        let parents = [a.summaryJob, b.summaryJob].compactMap { $0 }
        var placing = Placing(store: store, actor: actor)
        let request = try JobRequest(
            CompareEvaluations(comparison: id, a: a.id, b: b.id), tenant: a.identity.tenant, priority: priority,
            deduplicationKey: [
                "compare", id.description, DerivedID(of: parents).description,
            ].joined(separator: "/"), parents: parents)
        let job = try await placing.place([request])[0]
        try await catalog.register(comparison: id, a: a.id, b: b.id, job: job)
        return (id, job)
    }
}
