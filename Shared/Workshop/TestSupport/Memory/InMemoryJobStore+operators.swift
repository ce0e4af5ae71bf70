import Foundation
package import JobEngine

extension InMemoryJobStore {
    package func cancelJob(_ job: JobID, actor: String) throws -> JobState? {
        try carryOut(.cancel, on: job, actor: actor)
    }

    package func pauseJob(_ job: JobID, actor: String) throws -> JobState? {
        try carryOut(.pause, on: job, actor: actor)
    }

    package func resumeJob(_ job: JobID, actor: String) throws -> JobState? {
        try carryOut(.resume, on: job, actor: actor)
    }

    package func replayJob(_ job: JobID, actor: String) throws -> JobState? {
        try carryOut(.replay, on: job, actor: actor)
    }

    package func discardDeadJob(_ job: JobID, actor: String) throws -> JobState? {
        try carryOut(.discard, on: job, actor: actor)
    }

    package func finishJob(_ job: JobID, actor: String) throws -> JobState? {
        try carryOut(.finish, on: job, actor: actor)
    }

    private func carryOut(_ command: OperatorCommand, on id: JobID, actor: String) throws -> JobState? {
        let now = clock()
        guard let job = jobs[id] else { return nil }
        guard let wish = command.decide(job.record, parentsSucceeded: parentsSucceeded(job), now: now) else {
            return job.record.state
        }
        try change(id, to: wish.state, now: now) { job in
            job.record.isPaused = wish.isPaused
            job.record.cancellationRequested = wish.cancellationRequested
            job.record.finishRequested = wish.finishRequested
            if wish.countsAnew { job.countAnew() }
            if wish.state == .queued { job.queue(now: now) }
        }
        note(actor, command.rawValue, id.description)
        if command == .replay { try reviveOrphans(of: id, now: now) }
        return wish.state
    }

    /// Puts back what the sweeper cancelled because this job had ended.
    private func reviveOrphans(of id: JobID, now: Date) throws {
        for child in jobs[id]?.children ?? [] {
            guard let orphan = jobs[child], orphan.record.state == .cancelled,
                orphan.record.failure?.code == "parent-ended"
            else { continue }
            try change(child, to: .waiting, now: now) { $0.record.failure = nil }
            try reviveOrphans(of: child, now: now)
        }
    }

    package func setPaused(_ paused: Bool, stage: Stage, actor: String) {
        if paused { stagesPaused.insert(stage) } else { stagesPaused.remove(stage) }
        note(actor, paused ? "pause-stage" : "resume-stage", stage.rawValue)
    }

    package func pausedStages() -> Set<Stage> { stagesPaused }

    package func setRunningLimit(_ limit: Int?, tenant: Tenant, actor: String) {
        runningLimits[tenant] = limit
        note(actor, "running-limit \(limit.map(String.init) ?? "none")", tenant.rawValue)
    }
}
