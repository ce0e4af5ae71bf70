import Documents
import Foundation
package import JobEngine

private struct ReplyEnvelope: Decodable {
    var type: String
    var subject: String
}

extension InMemoryJobStore {
    package func sweep(everySeconds: Double, overdueBySeconds: Double) throws -> SweepReport? {
        let now = clock()
        // One that lies a period further off than this caller would put it: the clock was set back, or another has a
        // longer period.
        guard
            nextSweepAt <= now.addingTimeInterval(-overdueBySeconds)
                || nextSweepAt > now.addingTimeInterval(2 * everySeconds + overdueBySeconds)
        else { return nil }
        nextSweepAt = now.addingTimeInterval(everySeconds)
        var report = SweepReport()
        for job in jobs.values where job.record.state == .running {
            guard let breach = breach(job, now: now) else { continue }
            let failure = breach.failure(of: job.record)
            let end = AttemptEnd.failed(
                job.record, counts: job.counts, progressed: job.progressed, failure: failure, policy: policy, now: now)
            _ = try self.end(job, end, now: now)
            report.expiredLeases += 1
        }
        report.cancelledJobs = try cancelHopelessJobs(now: now)
        for id in jobs.keys where try release(id, now: now) { report.releasedRetries += 1 }
        report.rerungJobs = try ringAgain(now: now)
        return report
    }

    private func breach(_ job: StoredJob, now: Date) -> LeaseBreach? {
        let limits = job.record.kind.limits
        if let lease = job.record.leaseUntil, lease < now { return .leaseExpired }
        if let start = job.record.startedAt, start.addingTimeInterval(limits.runningInSeconds) < now {
            return .runningLimit
        }
        if let progress = job.progressedAt, progress.addingTimeInterval(limits.noProgressInSeconds) < now {
            return .noProgress
        }
        return nil
    }

    private func cancelHopelessJobs(now: Date) throws -> Int {
        var ended = 0
        for job in jobs.values where [.waiting, .queued].contains(job.record.state) && !job.record.isPaused {
            let due = max(job.changedAt, job.record.runAt ?? job.changedAt)
            guard due.addingTimeInterval(job.record.kind.limits.waitingInSeconds) < now else { continue }
            let failure = JobFailure(
                class: .resource, code: "waiting-limit",
                reason: "nobody ran this job within the limit of its kind: start workers of its stage and replay it")
            try change(job.record.id, to: .cancelled, now: now) { $0.record.failure = failure }
            ended += 1
        }
        while let (orphan, failure) = nextOrphan() {
            try change(orphan, to: .cancelled, now: now) { job in
                job.record.failure = failure
                job.record.isPaused = false
            }
            ended += 1
        }
        return ended
    }

    private func nextOrphan() -> (JobID, JobFailure)? {
        for job in jobs.values where job.record.state == .waiting {
            for parent in job.parents {
                guard let state = jobs[parent]?.record.state, state == .dead || state == .cancelled else { continue }
                let reason = "parent \(parent) is \(state.rawValue): replay it to put this job back too"
                return (job.record.id, JobFailure(class: .data, code: "parent-ended", reason: reason))
            }
        }
        return nil
    }

    private func ringAgain(now: Date) throws -> Int {
        var rung = 0
        for stage in Stage.allCases where !stagesPaused.contains(stage) {
            let queue = jobs.values.filter { $0.record.state == .queued && $0.record.stage == stage }.sorted {
                $0.comesBefore($1)
            }
            for job in queue.prefix(SweepLimits.rungJobsPerStage) {
                guard let rungAt = job.rungAt, rungAt < now.addingTimeInterval(-SweepLimits.silenceInSeconds) else {
                    continue
                }
                jobs[job.record.id]?.rungAt = now
                try send(.wakeUp(job.record))
                rung += 1
            }
        }
        return rung
    }

    package func drainOutbox(
        _ lane: OutboxLane, limit: Int, publish: @Sendable ([OutboxMessage]) async throws -> [Int64]
    ) async throws -> Int {
        let now = clock()
        let batch = Array(outbox.filter { $0.lane == lane && isDue($0.id, now: now) }.prefix(limit))
        guard !batch.isEmpty else { return 0 }
        // Taken out while they are under way, so that another relay skips them; put back in order if the broker did not
        // confirm.
        let taken = Set(batch.map(\.id))
        outbox.removeAll { taken.contains($0.id) }
        do {
            let confirmed = Set(try await publish(batch))
            let rest = batch.filter { !confirmed.contains($0.id) }
            outbox = rest + outbox
            for id in confirmed { refused[id] = nil }
            guard lane == .replies else { return batch.count - rest.count }
            for reply in rest { try putOff(reply, now: now) }
            return batch.count
        } catch {
            outbox = batch + outbox
            throw error
        }
    }

    private func isDue(_ id: Int64, now: Date) -> Bool {
        guard let reply = refused[id] else { return true }
        return reply.nextTryAt.map { $0 <= now } ?? false
    }

    private func putOff(_ message: OutboxMessage, now: Date) throws {
        let (former, patience) = (refused[message.id], ReplyPatience())
        let envelope = try CanonicalJSON.decode(ReplyEnvelope.self, from: message.body)
        var reply =
            former
            ?? RefusedReply(
                id: message.id, tenant: message.tenant ?? "", queue: message.routingKey,
                type: String(envelope.type.dropFirst("dev.".count).dropLast(".v1".count)), subject: envelope.subject,
                tries: 0, refusedSince: now, nextTryAt: now)
        let isOver = reply.refusedSince.addingTimeInterval(patience.limitInSeconds) <= now
        let delay = min(
            patience.longestDelayInSeconds, patience.firstDelayInSeconds * pow(2, Double(min(reply.tries, 30))))
        reply.tries += 1
        reply.nextTryAt = isOver ? nil : now.addingTimeInterval(delay)
        refused[message.id] = reply
    }

    package func refusedReplies(tenant: Tenant?, limit: Int) -> [RefusedReply] {
        let found = refused.values.filter { tenant == nil || $0.tenant == tenant }
        return Array(found.sorted { ($0.refusedSince, $0.id) < ($1.refusedSince, $1.id) }.prefix(limit))
    }

    package func parkedReplies(tenant: Tenant?) -> Int {
        refused.values.count { $0.nextTryAt == nil && (tenant == nil || $0.tenant == tenant) }
    }

    package func retryReplies(queue: String?, actor: String) -> Int {
        let again = refused.values.filter { queue == nil || $0.queue == queue }
        for reply in again { refused[reply.id] = nil }
        note(actor, "retry-replies", queue ?? "")
        return again.count
    }

    package func recordHeartbeat(_ worker: Worker) {
        let now = clock()
        seenWorkers[worker.id] = WorkerRecord(
            worker: worker, startedAt: seenWorkers[worker.id]?.startedAt ?? now, heartbeatAt: now, silenceInSeconds: 0)
    }

    package func workers(heardOfWithin seconds: Double) -> [WorkerRecord] {
        let now = clock()
        let order = Dictionary(zip(Stage.allCases, 0...), uniquingKeysWith: { first, _ in first })
        let heardOf = seenWorkers.values.map { record in
            var record = record
            record.silenceInSeconds = now.timeIntervalSince(record.heartbeatAt)
            return record
        }
        return heardOf.filter { $0.silenceInSeconds <= seconds }
            .sorted { (order[$0.stage] ?? 0, $0.id) < (order[$1.stage] ?? 0, $1.id) }
    }
}
