import Documents
import Foundation
package import JobEngine

extension PostgresJobStore {
    package func claimAvailableJobs(_ request: ClaimRequest) async throws -> [ClaimedJob] {
        guard request.limit > 0 else { return [] }
        return try await pool.run(Self.claimQueries(request))[2].readable(log) { try claimedJob($0) }
    }

    /// The last returns the jobs.
    package static func claimQueries(_ request: ClaimRequest) -> [Query] {
        let (stage, kinds) = (
            PostgresValue.text(request.stage.rawValue), PostgresValue.texts(request.kinds.map(\.rawValue))
        )
        return [
            SessionStatements.commitWithoutWaiting(),
            JobStatements.serialiseCappedClaims(stage, kinds),
            JobStatements.claimAvailableJobs(
                stage, .text(request.worker), .integer(request.limit), .double(request.leaseInSeconds),
                .text(request.codeVersion), kinds),
        ]
    }

    private func claimedJob(_ row: PostgresRow) throws -> ClaimedJob {
        let record = try row.jobRecord(bookkeeping)
        let artifacts =
            try row.optionalString("artifacts").map { try CanonicalJSON.decode([ClaimedArtifact].self, from: $0) } ?? []
        return ClaimedJob(
            record: record, token: Int64(try row.integer("token")),
            inputs: artifacts.filter { $0.direction == "input" }.map(\.reference),
            checkpoints: artifacts.filter { $0.direction == "output" }.map(\.reference))
    }

    package func renewLeases(_ renewals: [LeaseRenewal], leaseInSeconds: Double) async throws -> [JobID: LeaseSignal] {
        guard !renewals.isEmpty else { return [:] }
        let rows = try await pool.run([
            SessionStatements.commitWithoutWaiting(),
            JobStatements.renewLeases(
                .uuids(renewals.map(\.job.uuid)), .integers(renewals.map(\.token)),
                .doubles(renewals.map { $0.progress.clampedToFraction }), .texts(renewals.map(\.progressNote)),
                .double(leaseInSeconds)),
        ])
        var signals = Dictionary(renewals.map { ($0.job, LeaseSignal.lost) }, uniquingKeysWith: { first, _ in first })
        for row in rows[1] {
            signals[try row.id("id")] = LeaseSignal(
                cancellationRequested: try row.boolean("cancellation_requested"),
                isPaused: try row.boolean("is_paused"),
                finishRequested: try row.boolean("finish_requested"))
        }
        return signals
    }

    package func recordWhileRunning(
        _ job: JobID, token: Int64, checkpoints: [ArtifactReference], facts: [Fact]
    ) async throws -> Bool {
        var queries = [JobStatements.requireLease(.uuid(job.uuid), .integer(token))]
        if !checkpoints.isEmpty {
            queries.append(ArtifactStatements.record(outputs: checkpoints, inputs: [], of: job))
            queries.append(JobStatements.markProgress(.uuid(job.uuid)))
        }
        queries += try bookkeeping.queries(for: facts, of: job)
        return try await runIfLeaseIsHeld(queries)
    }

    package func releaseCheckpoints(_ job: JobID, token: Int64, except kept: [ContentAddress]) async throws
        -> [ContentAddress]?
    {
        do {
            return try await pool.run([
                JobStatements.requireLease(.uuid(job.uuid), .integer(token)),
                ArtifactStatements.releaseCheckpoints(.uuid(job.uuid), .texts(kept.map(\.description))),
            ])[1].map { try $0.value("address") }
        } catch let error as PostgresError where error.isStaleToken {
            return nil
        }
    }

    package func failJobIfRunning(_ job: JobID, token: Int64, failure: JobFailure) async throws -> JobState? {
        try await endIfRunning(job, token: token) { row in
            AttemptEnd.failed(
                try row.jobRecord(bookkeeping), counts: try row.failureCounts(),
                progressed: try row.boolean("progressed"),
                failure: failure,
                policy: policy, now: try row.date("now"))
        }
    }

    package func handBackJobIfRunning(_ job: JobID, token: Int64) async throws -> Bool {
        try await endIfRunning(job, token: token) { row in
            AttemptEnd.handedBack(try row.jobRecord(bookkeeping), counts: try row.failureCounts())
        } != nil
    }

    package func cancelJobIfRunning(_ job: JobID, token: Int64) async throws -> Bool {
        try await endIfRunning(job, token: token) { row in
            AttemptEnd.cancelled(try row.jobRecord(bookkeeping), counts: try row.failureCounts())
        } != nil
    }

    func endIfRunning(
        _ job: JobID, token: Int64, decide: (PostgresRow) throws -> AttemptEnd
    ) async throws -> JobState? {
        try await pool.transaction(first: [JobStatements.lockRunningJob(.uuid(job.uuid), .integer(token))]) {
            transaction, rows in
            guard let row = rows[0].first else { return nil }
            let end = try decide(row)
            _ = try await transaction.run(
                Self.endQueries(job, token: token, end) + bookkeeping.queries(afterEndOf: [job]))
            return end.state
        }
    }

    static func endQueries(_ job: JobID, token: Int64, _ end: AttemptEnd) -> [Query] {
        let failed = end.outcome == .failed || end.outcome == .crashed
        return [
            JobStatements.endAttempt(
                .uuid(job.uuid), .integer(token), .text(end.state.rawValue), .timestamp(end.runAt),
                .text(end.outcome.rawValue), .text(end.failure?.class.rawValue), .text(end.failure?.code),
                .text(end.failure?.reason),
                .integer(end.counts.transient.count), .integer(end.counts.resource.count),
                .integer(end.counts.defect.count),
                .integer(end.counts.crash.count), .boolean(failed), .timestamp(end.counts.transient.since),
                .timestamp(end.counts.resource.since),
                .timestamp(end.counts.defect.since), .timestamp(end.counts.crash.since), .text(end.heldFor))
        ]
    }
}

extension Double {
    /// 0…1; not a number counts as 0.
    fileprivate var clampedToFraction: Double { isNaN ? 0 : Swift.min(1, Swift.max(0, self)) }
}
