import ArgumentParser
import Console
import Foundation
import JobEngine
import Messaging
import Studies
import Operations

/// The ids that a decision is about; the decision fails as a whole only after all have been tried.
struct JobDecision: ParsableArguments {
    @Argument(help: "Ids of jobs.")
    var ids: [JobID]

    func apply(
        _ command: OperatorCommand, _ system: SystemConnection, _ done: String, control: ControlMessage.Action? = nil,
        _ decide: (JobID) async throws -> JobState?
    ) async throws {
        try await Self.apply(command, to: ids, system, done, control: control, decide)
    }

    /// Applies `decide` to each; a nil state means that there is no such job. A refused message cannot be run: to
    /// replay it is to send it again.
    static func apply(
        _ command: OperatorCommand, to ids: [JobID], _ system: SystemConnection, _ done: String,
        control: ControlMessage.Action? = nil,
        _ decide: (JobID) async throws -> JobState?
    ) async throws {
        var isComplete = true
        for id in ids {
            do {
                if let refusal = try await refusal(command, id, system) {
                    remark("columna: \(refusal)")
                    isComplete = false
                    continue
                }
                if command == .replay, let message = try await RefusedMessage(of: id, in: system) {
                    try await message.publish(system)
                    print("\(id): its message was put back to the intake, this dead job is discarded")
                    continue
                }
                guard let state = try await decide(id) else {
                    throw CommandFailure(.failed, "there is no job \(id); see `columna jobs list`")
                }
                // It ended between the look and the decision: no decision makes a job succeed.
                guard state != .succeeded else { throw CommandFailure(.failed, nothing(command, id, state)) }
                print("\(id) \(done), now \(state.rawValue)")
                if let control, state == .running { await system.tellWorkers(control, .job(id)) }
            } catch {
                if CommandFailure.endsRun(error) { throw error }
                remark("columna: \(error is CommandFailure ? "" : "\(id): ")\(CommandFailure(error))")
                isComplete = false
            }
        }
        if !isComplete { throw ExitCode(1) }
    }

    /// Why the command would change nothing, or harm; nil when it applies.
    private static func refusal(_ command: OperatorCommand, _ id: JobID, _ system: SystemConnection) async throws
        -> String?
    {
        guard let job = try await system.store.job(id) else { return "there is no job \(id); see `columna jobs list`" }
        // Whether the parents have succeeded decides what becomes of the job, not whether the command applies.
        guard command.decide(job, parentsSucceeded: true, now: Date()) != nil else {
            return nothing(command, id, job.state)
        }
        if command == .replay, job.state != .dead,
            try await system.store.artifacts(of: id).contains(where: \.isRejectedMessage)
        {
            return "job \(id) is a refused message that was replayed or discarded: nothing to replay"
        }
        return nil
    }

    private static func nothing(_ command: OperatorCommand, _ id: JobID, _ state: JobState) -> String {
        "job \(id) is \(state.rawValue): nothing to \(command.rawValue)"
    }
}

extension JobArtifact {
    /// The job stands for a message that ingestion refused: nothing can run it.
    var isRejectedMessage: Bool { isInput && reference.role == Role.rejectedMessage }
}
