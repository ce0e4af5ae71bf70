import Faults
import Foundation
package import JobEngine
import Messaging
import Persistence
import Studies
import WorkerRuntime

extension SystemConnection {
    /// What became of a decision.
    package enum Decided: Sendable, Equatable {
        /// The job is in this state now.
        case job(JobState)
        /// The job stood for a refused message, which is in the intake again; the job is discarded.
        case messageSentAgain
    }

    /// Applies what an operator wants of a job, with an audit row, and lets a worker that runs it know. A refused
    /// message cannot be run: to replay it is to send it again.
    ///
    /// - Throws: `OperationError` (`missing`, `refused`) where the command would change nothing, or harm.
    package func decide(_ command: OperatorCommand, _ id: JobID) async throws -> Decided {
        try await requireApplicable(command, id)
        if command == .replay, let message = try await RefusedMessage(of: id, in: self) {
            try await message.publish(self)
            return .messageSentAgain
        }
        guard let state = try await apply(command, id) else { throw Self.noJob(id) }
        // It ended between the look and the decision: no decision makes a job succeed.
        guard state != .succeeded else { throw Self.nothing(command, id, state) }
        if state == .running, let action = ControlMessage.Action(rawValue: command.rawValue) {
            await tellWorkers(action, .job(id))
        }
        return .job(state)
    }

    private func apply(_ command: OperatorCommand, _ id: JobID) async throws -> JobState? {
        switch command {
        case .cancel: try await store.cancelJob(id, actor: actor)
        case .pause: try await store.pauseJob(id, actor: actor)
        case .resume: try await store.resumeJob(id, actor: actor)
        case .replay: try await store.replayJob(id, actor: actor)
        case .discard: try await store.discardDeadJob(id, actor: actor)
        case .finish: try await store.finishJob(id, actor: actor)
        }
    }

    private func requireApplicable(_ command: OperatorCommand, _ id: JobID) async throws {
        guard let job = try await store.job(id) else { throw Self.noJob(id) }
        // Whether the parents have succeeded decides what becomes of the job, not whether the command applies.
        guard command.decide(job, parentsSucceeded: true, now: Date()) != nil else {
            throw Self.nothing(command, id, job.state)
        }
        if command == .replay, job.state != .dead,
            try await store.artifacts(of: id).contains(where: \.isRejectedMessage)
        {
            throw OperationError(
                .refused, "job \(id) is a refused message that was replayed or discarded: nothing to replay")
        }
    }

    private static func noJob(_ id: JobID) -> OperationError {
        OperationError(.missing, "there is no job \(id); see `columna jobs list`")
    }

    private static func nothing(_ command: OperatorCommand, _ id: JobID, _ state: JobState) -> OperationError {
        OperationError(.refused, "job \(id) is \(state.rawValue): nothing to \(command.rawValue)")
    }

    /// Dead jobs, the last to die first.
    ///
    /// - Parameter code: nil: whatever they died of.
    package func deadJobs(code: String?, stage: Stage?) async throws -> [JobID] {
        try await store.deadJobs(stage: stage, tenant: nil, limit: 10_000)
            .filter { code == nil || $0.failure?.code == code }.map(\.id)
    }

    /// Lets a stage start no more jobs, or start them again.
    package func setPaused(_ isPaused: Bool, stage: Stage) async throws {
        try await store.setPaused(isPaused, stage: stage, actor: actor)
        await tellWorkers(isPaused ? .pause : .resume, .stage(stage))
    }

    /// Whether an error would meet every other message or job as well: the database or the broker is gone. Any other is
    /// the one's that it came from.
    package static func endsRun(_ error: any Error) -> Bool {
        switch error {
        case let error as PostgresError: error.concernsEveryone || error.blame == .setting
        case let error as MessagingError: error.blame != .defect
        case is CancellationError, is ConfigurationError: true
        case let error as OperationError: [.unavailable, .configuration].contains(error.code)
        default: false
        }
    }
}

extension JobArtifact {
    /// The job stands for a message that ingestion refused: nothing can run it.
    var isRejectedMessage: Bool { isInput && reference.role == ArtifactKind.rejectedMessage.role }
}
