import Faults
import Foundation
import JobEngine
package import Studies

extension SystemConnection {
    /// Evaluations and how they stand, newest first.
    package func evaluationRuns(limit: Int) async throws -> [EvaluationRun] {
        try await catalog.runs(of: nil, limit: limit)
    }

    /// How an evaluation stands; nil where it is not recorded.
    package func run(of evaluation: Evaluation) async throws -> EvaluationRun? {
        try await catalog.runs(of: evaluation.id, limit: 1).first
    }

    /// The evaluation a person means: by its id or the beginning of it, or the newest complete one of `NAME@VERSION`,
    /// or of a name's promoted version.
    ///
    /// - Parameter other: a name means the newest that was measured like this one, so that like stands beside like.
    package func evaluation(_ text: String, like other: Evaluation? = nil) async throws -> Evaluation {
        if let id = EvaluationID(text), let evaluation = try await catalog.evaluation(id) { return evaluation }
        let runs = try await catalog.runs(of: nil, limit: 10_000)
        let beginning = runs.filter {
            text.count >= 4 && $0.evaluation.description.hasPrefix(text.lowercased())
        }
        guard beginning.count <= 1 else {
            throw OperationError(
                .missing,
                "\(beginning.count) evaluations begin with '\(text)': say more of the id, see `columna evaluations`")
        }
        if let run = beginning.first, let evaluation = try await catalog.evaluation(run.evaluation) {
            return evaluation
        }
        let model = try await meantModel(text, runs)
        for run in runs where run.state == .complete && run.model.rawValue == model {
            guard let evaluation = try await catalog.evaluation(run.evaluation) else { continue }
            if let other, !evaluation.identity.isLike(other.identity) { continue }
            return evaluation
        }
        if let other {
            throw OperationError(
                .missing,
                "there is no complete evaluation '\(text)' like that of \(other.model) (\(other.identity.dataSet), split \(other.identity.split), the same options and repair): "
                    + "order it, or name evaluations by their ids, see `columna evaluations`")
        }
        throw OperationError(
            .missing,
            "there is no evaluation '\(text)' and no complete one of a model of that name; see `columna evaluations`")
    }

    /// Evaluations that can stand in one report: each as `evaluation(_:like:)` takes it, and named once.
    ///
    /// - Throws: `OperationError` (`badInput`) where they were not measured alike.
    package func evaluations(alike names: [String]) async throws -> [Evaluation] {
        var chosen: [Evaluation] = []
        for name in names {
            let one = try await evaluation(name, like: chosen.first)
            if !chosen.contains(where: { $0.id == one.id }) { chosen.append(one) }
        }
        guard let first = chosen.first,
            let other = chosen.first(where: {
                $0.identity.optionsJSON != first.identity.optionsJSON || $0.identity.tenant != first.identity.tenant
            })
        else { return chosen }
        throw OperationError(
            .badInput,
            "\(first.model) and \(other.model) were measured for different tenants or by different options (\(first.identity.optionsJSON) and "
                + "\(other.identity.optionsJSON)): report them apart, or order them alike")
    }

    /// `NAME@VERSION` as it stands; a name alone as everywhere: its promoted version.
    private func meantModel(_ text: String, _ runs: [EvaluationRun]) async throws -> String {
        guard let name = ModelReference(rawValue: text), name.version == nil,
            runs.contains(where: { $0.model.name == name.name })
        else { return text }
        return try await model(name).reference.rawValue
    }
}

extension Evaluation.Identity {
    /// Whether both measure the same question: the same cases, options and treatment.
    fileprivate func isLike(_ other: Evaluation.Identity) -> Bool {
        tenant == other.tenant && dataSet == other.dataSet && snapshot == other.snapshot && split == other.split
            && optionsJSON == other.optionsJSON
            && repairs == other.repairs
    }
}
