package import Foundation
package import JobEngine

/// A `JobStore` for tests and for one person at one machine: it forgets everything at the end of the process. Passes
/// the same conformance suite as PostgreSQL; each method runs without suspending, so each is a transaction.
package actor InMemoryJobStore: JobStore {
    let policy: RetryPolicy
    let clock: @Sendable () -> Date
    var jobs: [JobID: StoredJob] = [:]
    var keys: [DeduplicationKey: JobID] = [:]
    var studies: [UUID: Study] = [:]
    var firstJobs: [UUID: JobID] = [:]
    /// Who asked for a study again, while it was under way.
    var askers: [UUID: [(queue: String, correlationID: String?)]] = [:]
    var outbox: [OutboxMessage] = []
    /// Replies that their queues have refused, by their message's id.
    var refused: [Int64: RefusedReply] = [:]
    var lastMessage: Int64 = 0
    var lastToken: Int64 = 0
    var stagesPaused: Set<Stage> = []
    var runningLimits: [String: Int] = [:]
    var breakers: [String: CircuitBreaker] = [:]
    var seenWorkers: [String: WorkerRecord] = [:]
    var nextSweepAt = Date.distantPast
    /// What operators did, oldest first.
    package private(set) var audit: [String] = []

    /// - Parameter clock: what the store goes by; injected so that tests own time.
    package init(policy: RetryPolicy = RetryPolicy(), clock: @escaping @Sendable () -> Date = { Date() }) {
        self.policy = policy
        self.clock = clock
    }

    package func now() -> Date { clock() }

    func note(_ actor: String, _ action: String, _ subject: String) { audit.append("\(actor): \(action) \(subject)") }

    package func send(_ event: JobEvent) throws {
        lastMessage += 1
        outbox.append(try event.message(id: lastMessage, messageID: UUID(), time: clock()))
    }

    /// Puts a job into a new state as PostgreSQL's trigger would: refuses what is not drawn, and announces the rest.
    func change(_ id: JobID, to state: JobState, now: Date, _ body: (inout StoredJob) -> Void = { _ in }) throws {
        guard var job = jobs[id] else { return }
        guard job.record.state != state else {
            body(&job)
            jobs[id] = job
            return
        }
        guard job.record.state.successors.contains(state) else {
            throw JobStoreError(.illegalTransition, "a job cannot go from \(job.record.state) to \(state)")
        }
        job.record.state = state
        job.changedAt = now
        job.record.finishedAt = state.isTerminal ? now : nil
        body(&job)
        jobs[id] = job
        try announce(job)
    }

    func announce(_ job: StoredJob) throws {
        if job.record.state == .queued { try send(.wakeUp(job.record)) }
        try send(.stateChanged(job.record))
    }

    /// The job if this token still holds its lease.
    func held(_ id: JobID, _ token: Int64) -> StoredJob? {
        guard let job = jobs[id], job.record.state == .running, job.record.token == token else { return nil }
        return job
    }

    func parentsSucceeded(_ job: StoredJob) -> Bool {
        job.parents.allSatisfy { jobs[$0]?.record.state == .succeeded }
    }

    /// Queues a waiting job if nothing holds it back any more.
    func release(_ id: JobID, now: Date) throws -> Bool {
        guard let job = jobs[id], job.record.state == .waiting, !job.record.isPaused, (job.record.runAt ?? now) <= now,
            parentsSucceeded(job)
        else { return false }
        try change(id, to: .queued, now: now) { $0.queue(now: now) }
        return true
    }

    /// Ends the studies of jobs that ended, if nothing of them is left to do.
    func settleStudies(of ended: [JobID]) throws {
        for id in Set(ended.compactMap { jobs[$0]?.record.study }) {
            guard var study = studies[id], study.state == .submitted else { continue }
            let family = jobs.values.filter { $0.record.study == id }
            guard family.allSatisfy(\.record.state.isTerminal) else { continue }
            let states = Set(family.map(\.record.state))
            study.state = states.contains(.dead) ? .dead : states.contains(.cancelled) ? .cancelled : .succeeded
            studies[id] = study
            let result = result(study, family)
            for event in try JobEvent.studyEnded(study, result: result) { try send(event) }
            for asker in askers[id] ?? [] { try reply(result, to: asker.queue, asker.correlationID, study) }
        }
    }

    private func reply(_ result: StudyResult, to queue: String, _ correlationID: String?, _ study: Study) throws {
        var study = study
        (study.replyTo, study.correlationID) = (queue, correlationID)
        for event in try JobEvent.studyEnded(study, result: result) where event.exchange == MessageNames.defaultExchange
        { try send(event) }
    }

    /// Answers a repeat: with the result, or that it is under way, and with the result later.
    func answer(_ repeated: Study, of study: Study, first: JobID) throws {
        guard let queue = repeated.replyTo else { return }
        if study.state != .submitted {
            return try reply(
                result(study, jobs.values.filter { $0.record.study == study.id }), to: queue, repeated.correlationID,
                study)
        }
        let isKnown = ([(queue: study.replyTo ?? "", correlationID: study.correlationID)] + (askers[study.id] ?? []))
            .contains {
                $0.queue == queue && $0.correlationID == repeated.correlationID
            }
        if !isKnown { askers[study.id, default: []].append((queue, repeated.correlationID)) }
        try sendAcceptance(repeated, study: study.id, first: first, repeated: true)
    }

    func sendAcceptance(_ asked: Study, study: UUID, first: JobID, repeated: Bool) throws {
        let acceptance = StudyAnswer.Acceptance(
            tenant: asked.tenant, id: asked.messageID, source: asked.source, study: study, job: first,
            repeated: repeated)
        let event = try JobEvent.accepted(
            acceptance, subject: study.uuidString.lowercased(), replyTo: asked.replyTo,
            correlationID: asked.correlationID)
        if let event { try send(event) }
    }

    private func result(_ study: Study, _ family: [StoredJob]) -> StudyResult {
        let inOrder = family.sorted {
            ($0.record.finishedAt ?? .distantPast, $0.record.createdAt, $0.record.id.description)
                < ($1.record.finishedAt ?? .distantPast, $1.record.createdAt, $1.record.id.description)
        }
        let guilty = inOrder.first {
            $0.record.state.rawValue == study.state.rawValue && $0.record.state != .succeeded
                && $0.record.failure != nil
        }
        let measurements = inOrder.flatMap(\.facts).flatMap { fact -> [ClassMeasurement] in
            if case .caseMeasured(let measured) = fact, measured.variant == .delivered { measured.classes } else { [] }
        }
        let judgements = inOrder.flatMap(\.facts).compactMap {
            if case .segmentationJudged(let judgement) = $0 { judgement } else { nil }
        }
        let held = inOrder.flatMap(\.facts).compactMap {
            if case .deliveryHeld(let delivery) = $0 { delivery } else { nil }
        }
        return StudyResult(
            study: study, job: inOrder.last?.record.id ?? JobID(), artifacts: inOrder.flatMap(\.outputs),
            measurements: measurements,
            judgement: judgements.last, held: held.sorted { $0.destination < $1.destination },
            failure: guilty?.record.failure)
    }
}
