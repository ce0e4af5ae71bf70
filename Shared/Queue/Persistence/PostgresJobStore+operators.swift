import Foundation
package import JobEngine

extension PostgresJobStore {
    package func cancelJob(_ job: JobID, actor: String) async throws -> JobState? {
        try await carryOut(.cancel, on: job, actor: actor)
    }

    package func pauseJob(_ job: JobID, actor: String) async throws -> JobState? {
        try await carryOut(.pause, on: job, actor: actor)
    }

    package func resumeJob(_ job: JobID, actor: String) async throws -> JobState? {
        try await carryOut(.resume, on: job, actor: actor)
    }

    package func replayJob(_ job: JobID, actor: String) async throws -> JobState? {
        try await carryOut(.replay, on: job, actor: actor)
    }

    package func discardDeadJob(_ job: JobID, actor: String) async throws -> JobState? {
        try await carryOut(.discard, on: job, actor: actor)
    }

    package func finishJob(_ job: JobID, actor: String) async throws -> JobState? {
        try await carryOut(.finish, on: job, actor: actor)
    }

    private func carryOut(_ command: OperatorCommand, on job: JobID, actor: String) async throws -> JobState? {
        try await pool.transaction(first: [OperatorStatements.lockJob(.uuid(job.uuid))]) { transaction, rows in
            guard let row = rows[0].first else { return nil }
            let record = try row.jobRecord(bookkeeping)
            let parentsSucceeded = try row.boolean("parents_succeeded")
            guard let change = command.decide(record, parentsSucceeded: parentsSucceeded, now: try row.date("now"))
            else { return record.state }
            _ = try await transaction.run(queries(for: change, command: command, job: job, actor: actor))
            return change.state
        }
    }

    private func queries(for change: JobChange, command: OperatorCommand, job: JobID, actor: String) -> [Query] {
        var queries = [
            OperatorStatements.changeJob(
                .uuid(job.uuid), .text(change.state.rawValue), .boolean(change.isPaused),
                .boolean(change.cancellationRequested), .boolean(change.countsAnew), .boolean(change.finishRequested)),
            OperatorStatements.audit(.text(actor), .text(command.rawValue), .uuid(job.uuid), .text(nil)),
        ]
        if command == .replay {
            queries.append(OperatorStatements.reviveOrphans(.uuid(job.uuid)))
            queries += bookkeeping.queries(afterReplayOf: [job])
        }
        if change.state.isTerminal { queries += bookkeeping.queries(afterEndOf: [job]) }
        return queries
    }

    package func setPaused(_ paused: Bool, stage: Stage, actor: String) async throws {
        let change =
            paused
            ? OperatorStatements.pauseStage(.text(stage.rawValue), .text(actor))
            : OperatorStatements.resumeStage(.text(stage.rawValue))
        let action = paused ? "pause-stage" : "resume-stage"
        _ = try await pool.run([
            change, OperatorStatements.audit(.text(actor), .text(action), .uuid(nil), .text(stage.rawValue)),
        ])
    }

    package func pausedStages() async throws -> Set<Stage> {
        Set(try await pool.run(OperatorStatements.pausedStages()).map { try $0.value("stage") })
    }

    package func setRunningLimit(_ limit: Int?, tenant: Tenant, actor: String) async throws {
        _ = try await pool.run([
            OperatorStatements.setRunningLimit(.text(tenant), .integer(limit)),
            OperatorStatements.audit(
                .text(actor), .text("running-limit \(limit.map(String.init) ?? "none")"), .uuid(nil), .text(tenant)),
        ])
    }
}
