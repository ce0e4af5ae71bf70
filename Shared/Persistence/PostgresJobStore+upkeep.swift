import Foundation
package import JobEngine
import Synchronization

extension PostgresJobStore {
    /// Rows that one sweep handles of each kind; the next takes what is left.
    private static let sweepLimit = 500

    package func sweep() async throws -> SweepReport? {
        try await pool.transaction(first: [SessionStatements.limitSweepPauses(), UpkeepStatements.trySweepLock()]) { transaction, rows in
            guard try rows[1][0].boolean("is_mine") else { return nil }
            var report = SweepReport()
            var ended = try await expireLeases(transaction)
            report.expiredLeases = ended.count
            let cancelled = try await cancelHopelessJobs(transaction)
            report.cancelledJobs = cancelled.count
            ended += cancelled
            let rest = try await transaction.run(
                [
                    UpkeepStatements.releaseDueJobs(.integer(Self.sweepLimit)),
                    UpkeepStatements.ringAgain(
                        .double(SweepLimits.silenceInSeconds), .integer(SweepLimits.rungJobsPerStage)),
                ] + (ended.isEmpty ? [] : Self.settleQueries(ended)))
            report.releasedRetries = rest[0].count
            report.rerungJobs = rest[1].affectedCount
            return report
        }
    }

    private func expireLeases(_ transaction: PostgresTransaction) async throws -> [JobID] {
        let overdue = try await transaction.run(UpkeepStatements.lockOverdueJobs(.integer(Self.sweepLimit)))
        var queries: [Query] = []
        var ended: [JobID] = []
        for row in overdue {
            let job = try row.jobRecord()
            let breach: LeaseBreach = try row.value("breach")
            let end = AttemptEnd.failed(
                job, counts: try row.failureCounts(), progressed: try row.boolean("progressed"), failure: breach.failure(of: job),
                policy: policy, now: try row.date("now"))
            queries += Self.endQueries(job.id, token: Int64(try row.integer("token")), end)
            ended.append(job.id)
        }
        if !queries.isEmpty { _ = try await transaction.run(queries) }
        return ended
    }

    /// Jobs below a dead or cancelled one go level by level until none is left.
    private func cancelHopelessJobs(_ transaction: PostgresTransaction) async throws -> [JobID] {
        var cancelled = try await transaction.run(UpkeepStatements.cancelOverlongWaits(.integer(Self.sweepLimit)))
            .map { JobID(try $0.uuid("id")) }
        while true {
            let orphans = try await transaction.run(UpkeepStatements.cancelOrphans(.integer(Self.sweepLimit)))
            if orphans.isEmpty { return cancelled }
            cancelled += try orphans.map { JobID(try $0.uuid("id")) }
        }
    }

    package func recordHeartbeat(_ worker: Worker) async throws {
        _ = try await pool.run([
            SessionStatements.commitWithoutWaiting(),
            UpkeepStatements.recordHeartbeat(
                .text(worker.id), .text(worker.stage.rawValue), .text(worker.host), .integer(worker.processID), .text(worker.version),
                .integer(worker.slots), .integer(worker.busySlots), .text(worker.state.rawValue), .double(worker.clockSkewInSeconds),
                .text(worker.note)),
        ])
    }

    package func workers(heardOfWithin seconds: Double) async throws -> [WorkerRecord] {
        try await pool.run(UpkeepStatements.workers(.double(seconds))).map { try $0.workerRecord() }
    }
}

extension PostgresRow {
    fileprivate func workerRecord() throws -> WorkerRecord {
        let worker = Worker(
            id: try string("id"), stage: try value("stage"), host: try string("host"), processID: try integer("process_id"),
            version: try string("version"), slots: try integer("slots"), busySlots: try integer("busy_slots"), state: try value("state"),
            clockSkewInSeconds: try optionalDouble("clock_skew_seconds"), note: try string("note"))
        return WorkerRecord(
            worker: worker, startedAt: try date("started_at"), heartbeatAt: try date("heartbeat_at"), silenceInSeconds: try double("silence"))
    }
}
