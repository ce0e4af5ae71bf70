import Documents
import Faults
package import JobEngine
import Messaging
import Persistence
import Registry
package import Studies

/// Waits until studies, jobs and evaluations have ended. Whoever waits is told at every look how they stand; what goes
/// on without a worker, or by a paused stage, is remarked on once.
package struct Follower: Sendable {
    let system: SystemConnection
    /// Nil: as long as it takes.
    private let timeoutInSeconds: Double?
    private let remark: @Sendable (String) -> Void

    /// - Parameter remark: nil: the connection's.
    package init(
        _ system: SystemConnection, timeoutInSeconds: Double? = nil, remark: (@Sendable (String) -> Void)? = nil
    ) {
        self.system = system
        self.timeoutInSeconds = timeoutInSeconds
        self.remark = remark ?? system.remark
    }

    /// Looks until there is an answer.
    ///
    /// - Parameter look: gets the seconds since the first look; nil: not yet.
    /// - Throws: `OperationError` (`unfinished`) when it takes longer than the timeout.
    func wait<Answer>(list: String, until look: (Double) async throws -> Answer?) async throws -> Answer {
        let begin = ContinuousClock.now
        while true {
            let seconds = (ContinuousClock.now - begin) / .seconds(1)
            if let answer = try await look(seconds) { return answer }
            if let timeoutInSeconds, seconds > timeoutInSeconds {
                throw OperationError(
                    .unfinished,
                    "not finished after \(Wording.duration(timeoutInSeconds)); it goes on without this command, see `\(list)`"
                )
            }
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    /// Waits until ingestion has turned a published message into a study.
    ///
    /// - Throws: `OperationError` (`badInput`) when the message's id is that of a study that was asked for otherwise,
    ///   and when ingestion refused the message.
    package func study(_ asked: AskedStudy, each: () -> Void = {}) async throws -> StudyID {
        let (lookup, sender) = (Lookup(pool: system.pool), asked.sender)
        let key = try RejectedMessage.deduplicationKey(ofBody: asked.message.body)
        var warned = false
        return try await wait(list: Self.jobs) { seconds in
            if let study = try await lookup.study(
                tenant: sender.tenant, source: sender.source, messageID: sender.messageID)
            {
                let known = try await system.catalog.study(study)?.contentDigest
                guard known == nil || known == asked.digest else {
                    throw OperationError(
                        .badInput,
                        "message '\(sender.messageID)' asked for something else before and is study \(study): choose another id"
                    )
                }
                return study
            }
            if let id = try await lookup.refusal(deduplicationKey: key, tenant: sender.tenant),
                let failure = try await system.store.job(id)?.failure
            {
                throw OperationError(
                    .badInput,
                    "message '\(sender.messageID)' was refused: \(failure.reason); see `columna dead show \(id)`")
            }
            each()
            if !warned, seconds > Self.patience {
                warned = true
                try await warnWithoutWorkers(.ingestion)
            }
            return nil
        }
    }

    /// Follows one study to its end.
    ///
    /// - Parameter each: gets its jobs.
    package func follow(_ study: StudyID, each: ([JobRecord]) -> Void = { _ in }) async throws -> StudyState {
        var warned: Set<Stage> = []
        return try await wait(list: Self.jobs) { seconds in
            let jobs = try await system.store.jobs(JobFilter(study: study, limit: 100))
            let state = try await system.catalog.study(study)?.state ?? .submitted
            guard state == .submitted else { return state }
            each(jobs)
            if seconds > Self.patience, let stuck = jobs.first(where: { $0.state == .queued }),
                warned.insert(stuck.stage).inserted
            {
                try await warnWithoutWorkers(stuck.stage)
            }
            return nil
        }
    }

    /// Follows many studies until all have ended.
    ///
    /// - Parameter each: gets the states of those that exist.
    package func follow(all studies: [StudyID], each: ([StudyID: StudyState]) -> Void = { _ in }) async throws
        -> [StudyID: StudyState]
    {
        var warned = false
        return try await wait(list: Self.jobs) { seconds in
            let states = try await Lookup(pool: system.pool).states(of: studies)
            let ended = states.values.count { $0 != .submitted }
            guard ended < studies.count else { return states }
            each(states)
            if !warned, ended == 0, seconds > Self.patience {
                warned = true
                for stage in [Stage.ingestion, .preprocessing] { try await warnWithoutWorkers(stage) }
            }
            return nil
        }
    }

    /// Follows a job that serves no study (training).
    ///
    /// - Parameter each: gets it, at its end too.
    package func follow(job id: JobID, each: (JobRecord) async throws -> Void = { _ in }) async throws -> JobRecord {
        var warned = false
        return try await wait(list: Self.jobs) { seconds in
            guard let job = try await system.store.job(id) else {
                throw OperationError(.missing, "there is no job \(id)")
            }
            try await each(job)
            guard !job.state.isTerminal else { return job }
            if !warned, job.state == .queued, seconds > Self.patience {
                warned = true
                try await warnWithoutWorkers(job.stage)
            }
            return nil
        }
    }

    /// Follows many jobs that serve no study until all have ended.
    ///
    /// - Parameter each: gets how many have ended, about.
    /// - Returns: them, in their order.
    package func follow(jobs ids: [JobID], each: (Int) throws -> Void = { _ in }) async throws -> [JobRecord] {
        var warned = false
        var ended: [JobRecord] = []
        return try await wait(list: Self.jobs) { seconds in
            while ended.count < ids.count {
                guard let job = try await system.store.job(ids[ended.count]) else {
                    throw OperationError(.missing, "there is no job \(ids[ended.count])")
                }
                guard job.state.isTerminal else {
                    if !warned, job.state == .queued, seconds > Self.patience {
                        warned = true
                        try await warnWithoutWorkers(job.stage)
                    }
                    break
                }
                ended.append(job)
            }
            try each(ended.count)
            return ended.count == ids.count ? ended : nil
        }
    }

    /// Throws with the job's reason unless it succeeded.
    ///
    /// - Parameter what: it does, for the sentence: `training`.
    package func requireSucceeded(_ job: JobRecord, _ what: String) throws {
        guard job.state != .succeeded else { return }
        throw OperationError(
            .refused, "\(what) ended as \(job.state.rawValue): \(job.failure?.description ?? "no reason given")")
    }

    private static let jobs = "columna jobs list"
    /// Seconds after which somebody wonders why nothing happens.
    private static let patience = 10.0

    /// Says so when nobody is there to do the work; it may still come.
    private func warnWithoutWorkers(_ stage: Stage) async throws {
        if try await system.store.pausedStages().contains(stage) {
            return remark(
                "stage \(stage.rawValue) is paused; let it go on with `columna workers resume \(stage.rawValue)`")
        }
        let workers = try await system.store.workers(heardOfWithin: 60)
        guard !workers.contains(where: { $0.stage == stage && $0.state == .running }) else { return }
        remark(
            "no worker of stage \(stage.rawValue) has been heard of for a minute; start one: `columna local up`, or columna-\(stage.rawValue)"
        )
    }
}
