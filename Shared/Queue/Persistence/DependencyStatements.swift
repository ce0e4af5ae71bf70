/// Statements on what jobs need beyond this system.
enum DependencyStatements {
    /// Makes all who note something of it wait for each other, also before there is a row.
    static let lock = Statement(
        "lock_dependency",
        """
        SELECT pg_advisory_xact_lock(\(AdvisoryLock.dependencies.rawValue), hashtext($1)), columna.now() AS now
        """)

    static let find = Statement(
        "find_dependency",
        """
        SELECT failures, opened_at, probe_at, reason, columna.now() AS now
        FROM columna.dependencies
        WHERE name = $1
        """)

    /// Name, failures, opened at, probe at, reason.
    static let write = Statement(
        "write_dependency",
        """
        INSERT INTO columna.dependencies (name, failures, opened_at, probe_at, reason)
        VALUES ($1, $2::bigint::integer, $3, $4, $5)
        ON CONFLICT (name) DO UPDATE
        SET \(Statement.excluded("failures", "opened_at", "probe_at", "reason"))
        """)

    static let forget = Statement(
        "forget_dependency",
        """
        WITH known AS (
            DELETE FROM columna.dependencies
            WHERE name = $1
            RETURNING name, opened_at
        )
        UPDATE columna.jobs AS job
        SET run_at = columna.now()
        FROM known
        WHERE known.opened_at IS NOT NULL AND job.state = 'waiting' AND job.held_for = known.name
        """)

    static let list = Statement(
        "list_dependencies",
        """
        SELECT
            dependency.name, dependency.failures, dependency.opened_at, dependency.probe_at, dependency.reason,
            (SELECT count(*) FROM columna.jobs AS job WHERE job.state = 'waiting' AND job.held_for = dependency.name) AS held_jobs
        FROM columna.dependencies AS dependency
        ORDER BY dependency.name
        """)
}
