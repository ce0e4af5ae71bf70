import Foundation
import JobEngine

extension SystemConnection {
    /// The evaluation a person means: by its id or the beginning of it, or the newest complete one of `NAME[@VERSION]`.
    func evaluation(_ text: String) async throws -> Evaluation {
        if let id = UUID(uuidString: text), let evaluation = try await catalog.evaluation(id) { return evaluation }
        let runs = try await catalog.runs(of: nil, limit: 10_000)
        let beginning = runs.filter { text.count >= 4 && $0.evaluation.uuidString.lowercased().hasPrefix(text.lowercased()) }
        guard beginning.count <= 1 else {
            throw CommandFailure(.failed, "\(beginning.count) evaluations begin with '\(text)': say more of the id, see `columna evaluations`")
        }
        let ofModel = runs.first { $0.state == .complete && ($0.model == text || $0.model.hasPrefix(text + "@")) }
        guard let run = beginning.first ?? ofModel, let evaluation = try await catalog.evaluation(run.evaluation) else {
            throw CommandFailure(.failed, "there is no evaluation '\(text)' and no complete one of a model of that name; see `columna evaluations`")
        }
        return evaluation
    }
}
