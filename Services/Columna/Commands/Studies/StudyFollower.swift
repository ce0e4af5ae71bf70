import Console
import Documents
import Foundation
import JobEngine
import Messaging
import Operations
import Studies

/// Follows studies, jobs and evaluations with a line of progress.
struct StudyFollower: Sendable {
    let system: SystemConnection
    let progress: ProgressLine
    private let follower: Follower

    init(_ system: SystemConnection, progress: ProgressLine = ProgressLine(), timeoutInSeconds: Double? = nil) {
        self.system = system
        self.progress = progress
        follower = Follower(system, timeoutInSeconds: timeoutInSeconds) { progress.note("columna: " + $0) }
    }

    /// Waits until ingestion has turned a published message into a study.
    func study(_ asked: AskedStudy) async throws -> StudyID {
        defer { progress.end() }
        let clock = Stopwatch()
        return try await follower.study(asked) {
            progress.show(nil, "waiting for ingestion to take the message, \(clock.text)")
        }
    }

    /// Follows the study that a message became, and prints its result.
    ///
    /// - Parameter also: what is to be done with the result before a failure is thrown.
    /// - Throws: `CommandFailure` with exit code 1 when it did not succeed.
    func showResult(
        of asked: AskedStudy, _ printing: OutputOptions, also: (StudyReport) async throws -> Void = { _ in }
    ) async throws {
        let study = try await study(asked)
        let state = try await follow(study)
        let report = try await StudyReport(study, in: system)
        printing.show(report.document) { report.show() }
        try await also(report)
        guard state == .succeeded else {
            let reason = report.failures.last?.failure.map(\.description) ?? "it was \(state.rawValue)"
            throw CommandFailure(.failed, "the study did not succeed: \(reason)")
        }
    }

    /// Follows one study to its end.
    func follow(_ study: StudyID) async throws -> StudyState {
        defer { progress.end() }
        let clock = Stopwatch()
        return try await follower.follow(study) { show($0, clock) }
    }

    /// Follows many studies until all have ended.
    func follow(all studies: [StudyID]) async throws -> [StudyID: StudyState] {
        defer { progress.end() }
        let clock = Stopwatch()
        return try await follower.follow(all: studies) { states in
            let (ended, dead) = (states.values.count { $0 != .submitted }, states.values.count { $0 == .dead })
            progress.show(
                Double(ended) / Double(max(1, studies.count)),
                "\(ended) of \(Wording.count(studies.count, "case"))" + (dead > 0 ? ", \(dead) dead" : "")
                    + ", \(clock.text)")
        }
    }

    /// Follows a job that serves no study.
    func follow(job id: JobID) async throws -> JobRecord {
        defer { progress.end() }
        let clock = Stopwatch()
        return try await follower.follow(job: id) { show($0, clock) }
    }

    /// Follows a training to its end; `epoch` gets each epoch once.
    func follow(training id: JobID, epoch: (EpochMetrics) -> Void) async throws -> TrainedModel {
        defer { progress.end() }
        let clock = Stopwatch()
        return try await follower.follow(training: id, each: { show($0, clock) }, epoch: epoch)
    }

    /// The evaluation once no case is under way any more.
    func follow(_ evaluation: Evaluation) async throws -> EvaluationRun {
        defer { progress.end() }
        let clock = Stopwatch()
        return try await follower.follow(evaluation) { run in
            let failed = run.failed > 0 ? ", \(run.failed) failed" : ""
            progress.show(
                Double(run.measured) / Double(max(1, run.cases)),
                "\(run.model): \(run.measured) of \(Wording.count(run.cases, "case")) measured\(failed), \(clock.text)")
        }
    }

    /// Throws with the job's reason unless it succeeded.
    func requireSucceeded(_ job: JobRecord, _ what: String) throws { try follower.requireSucceeded(job, what) }

    /// Throws with the reasons unless every case was measured.
    func requireComplete(_ run: EvaluationRun, _ evaluation: Evaluation) async throws {
        try await follower.requireComplete(run, evaluation)
    }

    private func show(_ jobs: [JobRecord], _ clock: Stopwatch) {
        let ordered = jobs.sorted { ($0.createdAt, $0.kind.rawValue) < ($1.createdAt, $1.kind.rawValue) }
        guard let current = ordered.last(where: { !$0.state.isTerminal }) ?? ordered.last else { return }
        // Segmenting takes nearly all of the time; the stages before it are counted as steps.
        let steps = 3.0
        let done = Double(ordered.count { $0.state == .succeeded })
        let fraction = min(1, (done + (current.state.isTerminal ? 0 : current.progress)) / max(steps, done + 1))
        progress.show(fraction, "\(current.kind.rawValue): \(Self.note(current)), \(clock.text)")
    }

    private func show(_ job: JobRecord, _ clock: Stopwatch) {
        guard !job.state.isTerminal else { return }
        progress.show(job.progress, "\(job.kind.rawValue): \(Self.note(job)), \(clock.text)")
    }

    private static func note(_ job: JobRecord) -> String {
        job.state == .running && !job.progressNote.isEmpty ? job.progressNote : JobPresentation.state(job)
    }
}
