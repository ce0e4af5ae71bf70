package import JobEngine

/// What the database knows of how long things took; for benchmarks.
package struct JobTiming: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// How many of them have not succeeded.
    package func unsucceededCount(of jobs: [JobID]) async throws -> Int {
        try await pool.run(TimingStatements.unsucceeded(.uuids(jobs.map(\.uuid))))[0].integer("count")
    }

    /// Seconds from the client's call to the claim, ascending.
    package func startLatencies(of jobs: [JobID]) async throws -> [Double] {
        try await pool.run(TimingStatements.latencies(.uuids(jobs.map(\.uuid)))).map { try $0.double("latency") }
    }

    /// Seconds from the first start to the last end.
    package func span(of jobs: [JobID]) async throws -> Double {
        try await pool.run(TimingStatements.span(.uuids(jobs.map(\.uuid))))[0].double("seconds")
    }

    /// SHA-256 of all summary rows of an evaluation in order, its id left out, and how many there are.
    package func summaryDigest(of evaluation: some UniqueID) async throws -> (digest: String, rows: Int) {
        let row = try await pool.run(TimingStatements.summaryDigest(.uuid(evaluation)))[0]
        return (try row.string("digest"), try row.integer("rows"))
    }
}

enum TimingStatements {
    static let unsucceeded = Statement(
        "benchmark_unfinished",
        """
        SELECT count(*) AS count
        FROM columna.jobs
        WHERE id = ANY($1) AND state <> 'succeeded'
        """)

    static let latencies = Statement(
        "benchmark_latencies",
        """
        SELECT extract(epoch FROM min(attempt.started_at) - job.created_at)::float8 AS latency
        FROM columna.jobs AS job
        JOIN columna.attempts AS attempt ON attempt.job = job.id
        WHERE job.id = ANY($1)
        GROUP BY job.id
        ORDER BY latency
        """)

    static let span = Statement(
        "benchmark_evaluation_span",
        """
        SELECT extract(epoch FROM max(finished_at) - min(started_at))::float8 AS seconds
        FROM columna.jobs
        WHERE id = ANY($1)
        """)

    /// The evaluation's id is left out; everything else is in.
    static let summaryDigest = Statement(
        "benchmark_summary_digest",
        """
        SELECT count(*) AS rows, encode(sha256(convert_to(string_agg(
            (to_jsonb(summary) - 'evaluation')::text, E'\\n' ORDER BY summary.variant, summary.metric, summary.class_value NULLS LAST), 'UTF8')), 'hex') AS digest
        FROM columna.metric_summaries AS summary
        WHERE summary.evaluation = $1
        """)
}
