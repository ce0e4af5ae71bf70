import Foundation
package import JobEngine

extension InMemoryJobStore {
    package func claimAvailableJobs(_ request: ClaimRequest) throws -> [ClaimedJob] {
        let now = clock()
        guard !stagesPaused.contains(request.stage) else { return [] }
        let ofStage = jobs.values.filter { $0.record.stage == request.stage }
        var running = Dictionary(grouping: ofStage.filter { $0.record.state == .running }, by: \.record.tenant)
            .mapValues(\.count)
        var claimed: [ClaimedJob] = []
        for job in ofStage.filter({ $0.record.state == .queued && request.kinds.contains($0.record.kind) }).sorted(by: {
            $0.comesBefore($1)
        }) where claimed.count < request.limit {
            let tenant = job.record.tenant
            if let limit = runningLimits[tenant], running[tenant, default: 0] >= limit { continue }
            running[tenant, default: 0] += 1
            claimed.append(try claim(job.record.id, request, now: now))
        }
        return claimed
    }

    private func claim(_ id: JobID, _ request: ClaimRequest, now: Date) throws -> ClaimedJob {
        lastToken += 1
        let token = lastToken
        try change(id, to: .running, now: now) { job in
            job.record.worker = request.worker
            job.record.token = token
            job.record.leaseUntil = now.addingTimeInterval(request.leaseInSeconds)
            job.record.startedAt = now
            job.record.attempt += 1
            job.progressed = false
            job.progressedAt = now
            job.attempts.append(
                JobAttempt(
                    worker: request.worker, token: token, startedAt: now, endedAt: nil, outcome: nil, failure: nil,
                    codeVersion: request.codeVersion))
        }
        guard let job = jobs[id] else { preconditionFailure("job \(id) vanished while it was claimed") }
        return ClaimedJob(
            record: job.record, token: token, inputs: job.inputs,
            checkpoints: job.outputs.filter { $0.role == ArtifactKind.checkpoint.role })
    }

    package func renewLeases(_ renewals: [LeaseRenewal], leaseInSeconds: Double) -> [JobID: LeaseSignal] {
        let now = clock()
        var signals: [JobID: LeaseSignal] = [:]
        for renewal in renewals {
            guard var job = held(renewal.job, renewal.token) else {
                signals[renewal.job] = signals[renewal.job] ?? .lost
                continue
            }
            let progress = renewal.progress.isNaN ? 0 : min(1, max(0, renewal.progress))
            if progress > job.record.progress || renewal.progressNote != job.record.progressNote {
                job.progressedAt = now
            }
            if progress > job.bestProgress { job.progressed = true }
            job.bestProgress = max(job.bestProgress, progress)
            job.record.leaseUntil = now.addingTimeInterval(leaseInSeconds)
            job.record.progress = progress
            job.record.progressNote = renewal.progressNote
            jobs[renewal.job] = job
            signals[renewal.job] = LeaseSignal(
                cancellationRequested: job.record.cancellationRequested, isPaused: job.record.isPaused,
                finishRequested: job.record.finishRequested)
        }
        return signals
    }

    package func releaseCheckpoints(_ id: JobID, token: Int64, except kept: [ContentAddress]) -> [ContentAddress]? {
        guard var job = held(id, token) else { return nil }
        let released = job.releaseCheckpoints(except: kept).map(\.address)
        jobs[id] = job
        let referred = Set(jobs.values.flatMap { $0.artifacts.map(\.reference.address) })
        return released.filter { !referred.contains($0) }
    }

    package func recordWhileRunning(
        _ id: JobID, token: Int64, checkpoints: [ArtifactReference], facts: [Fact]
    ) -> Bool {
        let now = clock()
        guard var job = held(id, token) else { return false }
        for checkpoint in checkpoints { job.add(checkpoint, isInput: false) }
        if !checkpoints.isEmpty {
            job.progressed = true
            job.progressedAt = now
        }
        job.facts += facts
        jobs[id] = job
        return true
    }

    package func completeJobIfRunning(_ id: JobID, token: Int64, completion: Completion) throws -> Bool {
        let now = clock()
        guard let job = held(id, token) else { return false }
        try check(completion.children)
        try change(id, to: .succeeded, now: now) { job in
            job.endLease()
            job.endAttempt(.succeeded, failure: nil, now: now)
            job.record.isPaused = false
            job.record.progress = 1
            job.record.progressNote = completion.summary
            for output in completion.outputs { job.add(output, isInput: false) }
            for input in completion.additionalInputs { job.add(input, isInput: true) }
            job.facts += completion.facts
        }
        note(job.record.worker ?? "", "succeeded", id.description)
        for child in completion.children { _ = try insert(child, failure: nil, now: now) }
        for child in jobs[id]?.children ?? [] { _ = try release(child, now: now) }
        return true
    }

    package func failJobIfRunning(_ id: JobID, token: Int64, failure: JobFailure) throws -> JobState? {
        let now = clock()
        guard let job = held(id, token) else { return nil }
        return try end(
            job,
            .failed(
                job.record, counts: job.counts, progressed: job.progressed, failure: failure, policy: policy, now: now),
            now: now)
    }

    package func handBackJobIfRunning(_ id: JobID, token: Int64) throws -> Bool {
        let now = clock()
        guard let job = held(id, token) else { return false }
        _ = try end(job, .handedBack(job.record, counts: job.counts), now: now)
        return true
    }

    package func cancelJobIfRunning(_ id: JobID, token: Int64) throws -> Bool {
        let now = clock()
        guard let job = held(id, token) else { return false }
        _ = try end(job, .cancelled(job.record, counts: job.counts), now: now)
        return true
    }

    func end(_ job: StoredJob, _ end: AttemptEnd, now: Date) throws -> JobState {
        let failed = end.outcome == .failed || end.outcome == .crashed
        try change(job.record.id, to: end.state, now: now) { job in
            job.endLease()
            job.endAttempt(end.outcome, failure: failed ? end.failure : nil, now: now)
            job.rungAt = now
            job.counts = end.counts
            job.record.crashes = end.counts.crash.count
            job.heldFor = end.heldFor
            job.record.runAt = end.runAt
            job.record.failure = end.failure
            job.record.isPaused = job.record.isPaused && end.state == .waiting
            if end.outcome == .interrupted { job.record.attempt -= 1 }
        }
        note(job.record.worker ?? "", end.outcome.rawValue, job.record.id.description)
        return end.state
    }
}
