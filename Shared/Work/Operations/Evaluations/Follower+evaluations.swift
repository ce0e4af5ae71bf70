import Documents
import Faults
import Foundation
import JobEngine
package import Studies

extension Follower {
    /// The evaluation once no case is under way any more.
    ///
    /// - Parameter each: gets how it stands.
    package func follow(_ evaluation: Evaluation, each: (EvaluationRun) -> Void = { _ in }) async throws
        -> EvaluationRun
    {
        try await wait(list: "columna evaluations") { _ in
            guard let run = try await system.run(of: evaluation) else {
                throw OperationError(
                    .missing,
                    "there is no evaluation \(evaluation.id); see `columna evaluations`")
            }
            if run.state == .complete || (run.state == .incomplete && run.measured + run.failed >= run.cases) {
                return run
            }
            each(run)
            return nil
        }
    }

    /// Throws with the reasons unless every case was measured.
    package func requireComplete(_ run: EvaluationRun, _ evaluation: Evaluation) async throws {
        guard run.state != .complete else { return }
        var reasons: [String] = []
        for one in evaluation.cases {
            for job in [one.segmentation, one.measurement] {
                guard let record = try await system.store.job(job), record.state == .dead, let failure = record.failure
                else { continue }
                reasons.append("\(one.name): \(failure)")
            }
        }
        let shown = reasons.prefix(5).joined(separator: "\n  ")
        throw OperationError(
            .refused,
            "\(run.failed) of \(Wording.count(run.cases, "case")) could not be measured\(shown.isEmpty ? "" : ":\n  \(shown)")\n"
                + "mend the cause and order the evaluation again: what is measured is kept, what failed is tried anew")
    }
}
