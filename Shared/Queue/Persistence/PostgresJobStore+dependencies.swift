import Foundation
package import JobEngine

extension PostgresJobStore {
    package func admit(to dependency: String) async throws -> CircuitBreaker.Admission {
        // Nearly always there is no row, and then nothing is locked.
        guard let known = try await pool.run(DependencyStatements.find(.text(dependency))).first,
            try known.breaker().isOpen
        else { return .proceed }
        return try await changeBreaker(of: dependency) { breaker, now in breaker.admit(now: now) }
    }

    package func recordFailure(of dependency: String, reason: String) async throws -> Double? {
        try await changeBreaker(of: dependency) { breaker, now in
            breaker.failed(reason, now: now)
            return breaker.holding(now: now)
        }
    }

    package func recordSuccess(of dependency: String) async throws {
        guard try await !pool.run(DependencyStatements.find(.text(dependency))).isEmpty else { return }
        _ = try await pool.run([
            DependencyStatements.lock(.text(dependency)), DependencyStatements.forget(.text(dependency)),
        ])
    }

    package func giveBackProbe(of dependency: String) async throws {
        try await changeBreaker(of: dependency) { breaker, now in breaker.giveBackProbe(now: now) }
    }

    package func holdJobIfRunning(_ job: JobID, token: Int64, for dependency: String, seconds: Double) async throws
        -> Bool
    {
        let reason = try await pool.run(DependencyStatements.find(.text(dependency))).first?.string("reason") ?? ""
        return try await endIfRunning(job, token: token) { row in
            AttemptEnd.held(
                try row.jobRecord(bookkeeping), counts: try row.failureCounts(), for: dependency, reason: reason,
                seconds: seconds,
                now: try row.date("now"))
        } != nil
    }

    package func dependencies() async throws -> [DependencyRecord] {
        try await pool.run(DependencyStatements.list()).map { row in
            DependencyRecord(
                name: try row.string("name"), failures: try row.integer("failures"),
                openedAt: try row.optionalDate("opened_at"),
                probeAt: try row.date("probe_at"), reason: try row.string("reason"),
                heldJobs: try row.integer("held_jobs"))
        }
    }

    private func changeBreaker<Result: Sendable>(
        of dependency: String, _ change: @Sendable (inout CircuitBreaker, Double) throws -> Result
    ) async throws -> Result {
        let first = [DependencyStatements.lock(.text(dependency)), DependencyStatements.find(.text(dependency))]
        return try await pool.transaction(first: first) { transaction, rows in
            var breaker = try rows[1].first?.breaker() ?? CircuitBreaker()
            let before = breaker
            let result = try change(&breaker, try rows[0][0].date("now").timeIntervalSince1970)
            if breaker != before, breaker.failures > 0 {
                _ = try await transaction.run(
                    DependencyStatements.write(
                        .text(dependency), .integer(breaker.failures),
                        .timestamp(breaker.openedAt.map { Date(timeIntervalSince1970: $0) }),
                        .timestamp(Date(timeIntervalSince1970: breaker.probeAt)), .text(breaker.reason)))
            }
            return result
        }
    }
}

extension PostgresRow {
    fileprivate func breaker() throws -> CircuitBreaker {
        var breaker = CircuitBreaker()
        breaker.failures = try integer("failures")
        breaker.openedAt = try optionalDate("opened_at")?.timeIntervalSince1970
        breaker.probeAt = try date("probe_at").timeIntervalSince1970
        breaker.reason = try string("reason")
        return breaker
    }
}
