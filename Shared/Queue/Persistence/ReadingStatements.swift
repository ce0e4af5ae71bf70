/// Statements behind `jobs list`, `jobs show` and `lineage`.
enum ReadingStatements {
    static let job = Statement(
        "job",
        """
        SELECT \(JobStatements.columns)
        FROM columna.jobs AS job
        WHERE job.id = $1
        """)

    /// States (null: all), stage, tenant, study, limit.
    static let jobs = Statement(
        "jobs",
        """
        SELECT \(JobStatements.columns)
        FROM columna.jobs AS job
        WHERE ($1::text[] IS NULL OR job.state = ANY ($1::text[]::columna.job_state[]))
            AND ($2 IS NULL OR job.stage = $2::columna.stage)
            AND ($3 IS NULL OR job.tenant = $3)
            AND ($4 IS NULL OR job.study = $4)
        ORDER BY job.created_at DESC, job.id
        LIMIT $5
        """)

    /// Stage (null: all), tenant, limit. By the partial index over dead jobs: the state is not a parameter.
    static let deadJobs = Statement(
        "dead_jobs",
        """
        SELECT \(JobStatements.columns)
        FROM columna.jobs AS job
        WHERE job.state = 'dead'
            AND ($1 IS NULL OR job.stage = $1::columna.stage)
            AND ($2 IS NULL OR job.tenant = $2)
        ORDER BY job.finished_at DESC, job.id
        LIMIT $3
        """)

    static let attempts = Statement(
        "attempts",
        """
        SELECT worker, token, started_at, ended_at, outcome, failure_class, failure_code, failure_reason, code_version
        FROM columna.attempts
        WHERE job = $1
        ORDER BY token
        """)

    static let artifacts = Statement(
        "artifacts",
        """
        SELECT link.direction, link.role, link.address, artifact.byte_count, artifact.media_type
        FROM columna.job_artifacts AS link
        JOIN columna.artifacts AS artifact ON artifact.address = link.address
        WHERE link.job = $1
        ORDER BY link.direction, link.position
        """)

    static let parents = Statement(
        "parents",
        """
        SELECT parent AS id
        FROM columna.job_parents
        WHERE child = $1
        ORDER BY parent
        """)

    static let children = Statement(
        "children",
        """
        SELECT child AS id
        FROM columna.job_parents
        WHERE parent = $1
        ORDER BY child
        """)
}
