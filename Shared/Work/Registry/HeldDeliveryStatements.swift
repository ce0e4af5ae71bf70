import Persistence

/// Statements on results that wait for an operator.
enum HeldDeliveryStatements {
    private static let select = """
        SELECT
            held.job, job.study, job.tenant, held.destination, held.model_version, held.cause, to_json(held.reasons)::text AS reasons, held.held_at,
            held.decision, held.decided_by, held.decided_at, held.release_job
        FROM columna.held_deliveries AS held
        JOIN columna.jobs AS job ON job.id = held.job
        """

    /// Tenant (null: all), waiting only, limit.
    static let list = Statement(
        "held_deliveries",
        """
        \(select)
        WHERE ($1 IS NULL OR job.tenant = $1) AND (NOT $2 OR held.decision IS NULL)
        ORDER BY held.held_at DESC, held.job
        LIMIT $3
        """)

    /// Job. Under lock, so that of two who decide by what they see the second sees the decision of the first.
    static let lock = Statement(
        "lock_held_delivery",
        """
        \(select)
        WHERE held.job = $1
        FOR UPDATE OF held
        """)

    /// Job, decision, actor, release job. With the audit row.
    static let decide = Statement(
        "decide_held_delivery",
        """
        WITH decided AS (
            UPDATE columna.held_deliveries
            SET
                decision = $2,
                decided_by = $3,
                decided_at = columna.now(),
                release_job = $4
            WHERE job = $1 AND decision IS NULL
            RETURNING job, destination
        )
        INSERT INTO columna.audit (happened_at, actor, action, job, subject)
        SELECT columna.now(), $3, 'delivery-' || $2, job, destination
        FROM decided
        RETURNING job
        """)
}
