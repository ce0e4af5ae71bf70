import Foundation
package import JobEngine
import Synchronization

extension PostgresJobStore {
    /// Rows that one sweep handles of each kind; the next takes what is left.
    private static let sweepLimit = 500

    /// How a step finds its jobs.
    package static func query(of step: SweepStep) -> Query {
        switch step {
        case .expireLeases: UpkeepStatements.lockOverdueJobs(.integer(sweepLimit), .uuid(nil))
        case .cancelOverlongWaits: UpkeepStatements.cancelOverlongWaits(.integer(sweepLimit))
        case .cancelOrphans: UpkeepStatements.cancelOrphans(.integer(sweepLimit))
        case .releaseDueJobs: UpkeepStatements.releaseDueJobs(.integer(sweepLimit))
        case .ringAgain:
            UpkeepStatements.ringAgain(.double(SweepLimits.silenceInSeconds), .integer(SweepLimits.rungJobsPerStage))
        }
    }

    package func sweep(everySeconds: Double, overdueBySeconds: Double) async throws -> SweepReport? {
        guard try await !pool.run(UpkeepStatements.beginSweep(.double(everySeconds), .double(overdueBySeconds))).isEmpty
        else { return nil }
        var report = SweepReport()
        for step in SweepStep.allCases {
            do {
                try await carryOut(step, &report)
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                report.failures.append(SweepFailure(step, "\(error)"))
            }
        }
        return report
    }

    /// Each step is a transaction of its own: one that fails undoes none of the others.
    private func carryOut(_ step: SweepStep, _ report: inout SweepReport) async throws {
        let query = Self.query(of: step)
        switch step {
        case .expireLeases:
            let (ended, failures) = try await expireLeases(query)
            report.expiredLeases = ended
            report.failures += failures
        case .cancelOverlongWaits:
            report.cancelledJobs += try await cancel(query)
        case .cancelOrphans:
            // Jobs below a dead or cancelled one go level by level until none is left.
            while case let count = try await cancel(query), count > 0 {
                report.cancelledJobs += count
            }
        case .releaseDueJobs:
            report.releasedRetries = try await sweeping([query]) { $1[0].count }
        case .ringAgain:
            report.rerungJobs = try await sweeping([query]) { $1[0].affectedCount }
        }
    }

    private func sweeping<Result: Sendable>(
        _ queries: [Query], _ body: (PostgresTransaction, [PostgresRows]) async throws -> Result
    ) async throws -> Result {
        try await pool.transaction(first: [SessionStatements.limitSweepPauses()] + queries) { transaction, rows in
            try await body(transaction, Array(rows.dropFirst()))
        }
    }

    private func cancel(_ query: Query) async throws -> Int {
        try await sweeping([query]) { transaction, rows in
            let cancelled = try rows[0].map { try $0.id("id", JobID.self) }
            if !cancelled.isEmpty { _ = try await transaction.run(bookkeeping.queries(afterEndOf: cancelled)) }
            return cancelled.count
        }
    }

    /// All at once; if that is refused, one by one, so that a job whose end the database does not take keeps nobody
    /// else's lease alive.
    private func expireLeases(_ query: Query) async throws -> (ended: Int, failures: [SweepFailure]) {
        do {
            return (try await endOverdue(query), [])
        } catch let error as PostgresError where error.isRequestsFault {
            let overdue = try await sweeping([query]) { _, rows in
                try rows[0].map { try $0.id("id", JobID.self) }
            }
            var (ended, failures): (Int, [SweepFailure]) = (0, [])
            for job in overdue {
                do {
                    ended += try await endOverdue(UpkeepStatements.lockOverdueJobs(.integer(1), .uuid(job.uuid)))
                } catch let error as PostgresError where error.isRequestsFault {
                    failures.append(SweepFailure(.expireLeases, "job \(job): \(error)"))
                }
            }
            return (ended, failures)
        }
    }

    private func endOverdue(_ query: Query) async throws -> Int {
        try await sweeping([query]) { transaction, rows in
            let overdue = rows[0].readable(log) { (try $0.jobRecord(bookkeeping).id, try endOfOverdue($0)) }
            guard !overdue.isEmpty else { return 0 }
            let ends = overdue.flatMap { Self.endQueries($0, token: $1.token, $1.end) }
            _ = try await transaction.run(ends + bookkeeping.queries(afterEndOf: overdue.map(\.0)))
            return overdue.count
        }
    }

    private func endOfOverdue(_ row: PostgresRow) throws -> (token: Int64, end: AttemptEnd) {
        let job = try row.jobRecord(bookkeeping)
        let breach: LeaseBreach = try row.value("breach")
        let end = AttemptEnd.failed(
            job, counts: try row.failureCounts(), progressed: try row.boolean("progressed"),
            failure: breach.failure(of: job),
            policy: policy, now: try row.date("now"))
        return (Int64(try row.integer("token")), end)
    }

    package func recordHeartbeat(_ worker: Worker) async throws {
        _ = try await pool.run([
            SessionStatements.commitWithoutWaiting(),
            UpkeepStatements.recordHeartbeat(
                .text(worker.id), .text(worker.stage.rawValue), .text(worker.host), .integer(worker.processID),
                .text(worker.version),
                .integer(worker.slots), .integer(worker.busySlots), .text(worker.state.rawValue),
                .double(worker.clockSkewInSeconds),
                .text(worker.note), .integer(pool.schemaVersion)),
        ])
    }

    package func workers(heardOfWithin seconds: Double) async throws -> [WorkerRecord] {
        try await pool.run(UpkeepStatements.workers(.double(seconds))).readable(log) { try $0.workerRecord() }
    }
}

extension PostgresRow {
    fileprivate func workerRecord() throws -> WorkerRecord {
        let worker = Worker(
            id: try string("id"), stage: try value("stage"), host: try string("host"),
            processID: try integer("process_id"),
            version: try string("version"), slots: try integer("slots"), busySlots: try integer("busy_slots"),
            state: try value("state"),
            clockSkewInSeconds: try optionalDouble("clock_skew_seconds"), note: try string("note"))
        return WorkerRecord(
            worker: worker, startedAt: try date("started_at"), heartbeatAt: try date("heartbeat_at"),
            silenceInSeconds: try double("silence"))
    }
}
