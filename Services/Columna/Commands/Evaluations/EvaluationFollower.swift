import Foundation
import JobEngine

/// Waits for evaluations with a line of progress.
struct EvaluationFollower: Sendable {
    let system: SystemConnection
    let progress = ProgressLine()
    /// Nil: as long as it takes.
    var timeoutInSeconds: Double?

    /// The evaluation once no case is under way any more.
    func follow(_ evaluation: Evaluation) async throws -> EvaluationRun {
        let clock = Stopwatch()
        while true {
            guard let run = try await system.catalog.runs(of: evaluation.id, limit: 1).first else {
                throw CommandFailure(
                    .failed,
                    "there is no evaluation \(evaluation.id.uuidString.lowercased()); see `columna evaluations`")
            }
            let isOver = run.state == .complete || (run.state == .incomplete && run.measured + run.failed >= run.cases)
            if isOver {
                progress.end()
                return run
            }
            let failed = run.failed > 0 ? ", \(run.failed) failed" : ""
            progress.show(
                Double(run.measured) / Double(max(1, run.cases)),
                "\(run.model): \(run.measured) of \(Wording.count(run.cases, "case")) measured\(failed), \(clock.text)")
            try await pause(clock)
        }
    }

    private func pause(_ clock: Stopwatch) async throws {
        if let timeoutInSeconds, clock.seconds > timeoutInSeconds {
            progress.end()
            throw CommandFailure(
                .timeout,
                "not finished after \(Wording.duration(timeoutInSeconds)); it goes on without this command, see `columna evaluations`"
            )
        }
        try await Task.sleep(for: .milliseconds(300))
    }

    /// Throws with the reasons unless every case was measured.
    func requireComplete(_ run: EvaluationRun, _ evaluation: Evaluation) async throws {
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
        throw CommandFailure(
            .failed,
            "\(run.failed) of \(Wording.count(run.cases, "case")) could not be measured\(shown.isEmpty ? "" : ":\n  \(shown)")\n"
                + "mend the cause and order the evaluation again: what is measured is kept, what failed is tried anew")
    }
}
