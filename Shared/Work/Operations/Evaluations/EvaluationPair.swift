import Evaluations
import Faults
package import JobEngine
package import Studies

/// Two evaluations that are set against each other: the first minus the second.
package struct EvaluationPair: Sendable {
    package let first: Evaluation
    package let second: Evaluation

    init(_ first: Evaluation, _ second: Evaluation) { (self.first, self.second) = (first, second) }

    /// Evaluations that there are, each as `SystemConnection.evaluation` takes it; a name means the newest that was
    /// measured like the first.
    ///
    /// - Throws: `OperationError` (`badInput`) where both mean one.
    package init(_ a: String, _ b: String, in system: SystemConnection) async throws {
        first = try await system.evaluation(a)
        second = try await system.evaluation(b, like: first)
        guard first.id != second.id else { throw Self.nothingToCompare(a, b) }
        remarkOnCases(system)
    }

    /// Evaluations of two models, ordered where they are missing. Both are checked before either is ordered: a
    /// comparison that fails starts nothing.
    ///
    /// - Throws: `OperationError` (`badInput`) where both mean one version.
    package init(
        _ a: ModelReference, _ b: ModelReference, by request: EvaluationRequest, in system: SystemConnection
    ) async throws {
        let (versionA, versionB) = (try await system.model(a), try await system.model(b))
        guard versionA.reference != versionB.reference else { throw Self.nothingToCompare("\(a)", "\(b)") }
        let orders = (try await request.order(versionA, in: system), try await request.order(versionB, in: system))
        first = try await request.place(orders.0, in: system).evaluation
        second = try await request.place(orders.1, in: system).evaluation
        remarkOnCases(system)
    }

    private static func nothingToCompare(_ a: String, _ b: String) -> OperationError {
        OperationError(.badInput, "\(a) and \(b) are one evaluation: there is nothing to compare")
    }

    private func remarkOnCases(_ system: SystemConnection) {
        let places = [first, second].map {
            "\($0.identity.dataSet), split \($0.identity.split), snapshot \($0.identity.snapshot.prefix(8))"
        }
        guard places[0] != places[1] else { return }
        system.remark(
            "the two are of different cases (\(places[0]); \(places[1])); pairs are those measured on the same bytes")
    }

    /// Orders the comparison, which waits for both.
    package func place(
        priority: Priority, in system: SystemConnection
    ) async throws -> (comparison: ComparisonID, job: JobID?) {
        try await ComparisonOrder(first, second, priority: priority).place(
            in: system.store, system.catalog, actor: system.actor)
    }

    /// What to call the two: the model, and what else tells two evaluations of one model apart.
    package var names: (first: String, second: String) {
        (Self.name(first, unlike: second), Self.name(second, unlike: first))
    }

    private static func name(_ one: Evaluation, unlike other: Evaluation) -> String {
        guard one.model == other.model else { return one.model.rawValue }
        if one.identity.repairs != other.identity.repairs {
            return "\(one.model)\(one.identity.repairs ? " repaired" : " as is")"
        }
        return "\(one.model) (\(one.id.description.prefix(4)))"
    }
}
