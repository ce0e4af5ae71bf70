import Faults
import Foundation
import JobEngine
import Persistence

/// What the database says about the jobs of the kill test. Every question is asked again until the database answers: it
/// gets killed too.
struct ChaosLedger: Sendable {
    let pool: PostgresPool

    func states() async throws -> [JobID: String] {
        let rows = try await answer(Self.jobStates())
        return Dictionary(
            try rows.map { (try $0.id("id"), try $0.string("state")) }, uniquingKeysWith: { first, _ in first }
        )
    }

    /// Jobs with their number of effects.
    func effects() async throws -> [JobID: Int] {
        let rows = try await answer(Self.effectCounts())
        return Dictionary(try rows.map { (try $0.id("job"), try $0.integer("count")) }, uniquingKeysWith: +)
    }

    func crashedAttempts() async throws -> Int { try await answer(Self.crashCount())[0].integer("count") }

    /// Tokens of the jobs that a process runs; its number is part of the worker's name.
    func tokensHeld(by pid: Int32) async throws -> [Int64] {
        try await answer(Self.heldTokens(.text("%-\(pid)-%"))).map { Int64(try $0.integer("token")) }
    }

    /// The names of workers that hold jobs now.
    func busyWorkers() async throws -> [String] {
        try await answer(Self.busyWorkerNames()).map { try $0.string("worker") }
    }

    func successes(of tokens: [Int64]) async throws -> Int {
        try await answer(Self.successfulTokens(.integers(tokens.map { Optional($0) }))).count
    }

    /// The tokens whose attempts have not succeeded up to now.
    func unsuccessful(_ tokens: [Int64]) async throws -> [Int64] {
        let successful = Set(
            try await answer(Self.successfulTokens(.integers(tokens.map { Optional($0) }))).map {
                Int64(try $0.integer("token"))
            })
        return tokens.filter { !successful.contains($0) }
    }

    /// The tokens whose attempts have not ended.
    func open(_ tokens: [Int64]) async throws -> [Int64] {
        try await answer(Self.openTokens(.integers(tokens.map { Optional($0) }))).map { Int64(try $0.integer("token")) }
    }

    /// Repeats what fails while the database is away; `body` must have the same effect however often it runs.
    func persist<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        let end = ContinuousClock.now + .seconds(300)
        while true {
            do {
                return try await body()
            } catch let error as PostgresError where error.isTransient && ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private func answer(_ query: Query) async throws -> PostgresRows { try await persist { try await pool.run(query) } }

    private static let jobStates = Statement(
        "chaos_job_states",
        """
        SELECT id, state::text AS state
        FROM columna.jobs
        """)

    private static let effectCounts = Statement(
        "chaos_effect_counts",
        """
        SELECT job, count(*) AS count
        FROM columna.rehearsal_effects
        GROUP BY job
        """)

    private static let crashCount = Statement(
        "chaos_crash_count",
        """
        SELECT count(*) AS count
        FROM columna.attempts
        WHERE outcome = 'crashed'
        """)

    private static let heldTokens = Statement(
        "chaos_held_tokens",
        """
        SELECT token
        FROM columna.jobs
        WHERE state = 'running' AND worker LIKE $1
        """)

    private static let busyWorkerNames = Statement(
        "chaos_busy_workers",
        """
        SELECT DISTINCT worker
        FROM columna.jobs
        WHERE state = 'running'
        """)

    private static let openTokens = Statement(
        "chaos_open_tokens",
        """
        SELECT token
        FROM columna.attempts
        WHERE token = ANY($1) AND outcome IS NULL
        """)

    private static let successfulTokens = Statement(
        "chaos_successful_tokens",
        """
        SELECT token
        FROM columna.attempts
        WHERE token = ANY($1) AND outcome = 'succeeded'
        """)
}
