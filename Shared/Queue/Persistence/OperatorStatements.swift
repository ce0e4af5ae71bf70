import JobEngine

/// Statements behind the operator's verbs.
package enum OperatorStatements {
    /// The job under lock, whether its parents have succeeded, and the time.
    static let lockJob = Statement(
        "lock_job",
        """
        SELECT
            \(JobStatements.columns),
            \(JobStatements.parentsSucceeded) AS parents_succeeded,
            columna.now() AS now
        FROM columna.jobs AS job
        WHERE job.id = $1
        FOR UPDATE OF job
        """)

    /// Job, state, paused, cancellation requested, counts anew, finish requested.
    static let changeJob = Statement(
        "change_job",
        """
        UPDATE columna.jobs AS job
        SET
            state = $2::columna.job_state,
            is_paused = $3,
            cancellation_requested = $4,
            finish_requested = $6,
            changed_at = CASE WHEN job.state::text = $2 THEN job.changed_at ELSE columna.now() END,
            queued_at = CASE WHEN $2 = 'queued' THEN columna.now() ELSE job.queued_at END,
            rung_at = CASE WHEN $2 = 'queued' THEN columna.now() ELSE job.rung_at END,
            claim_order = CASE WHEN $2 = 'queued' THEN \(JobStatements.claimOrder(priority: "job.priority")) ELSE job.claim_order END,
            finished_at = CASE WHEN $2 = 'cancelled' THEN columna.now() END,
            run_at = CASE WHEN $5 THEN NULL ELSE job.run_at END,
            attempt = CASE WHEN $5 THEN 0 ELSE job.attempt END,
            crashes = CASE WHEN $5 THEN 0 ELSE job.crashes END,
            transient_failures = CASE WHEN $5 THEN 0 ELSE job.transient_failures END,
            resource_failures = CASE WHEN $5 THEN 0 ELSE job.resource_failures END,
            defect_failures = CASE WHEN $5 THEN 0 ELSE job.defect_failures END,
            transient_since = CASE WHEN $5 THEN NULL ELSE job.transient_since END,
            resource_since = CASE WHEN $5 THEN NULL ELSE job.resource_since END,
            defect_since = CASE WHEN $5 THEN NULL ELSE job.defect_since END,
            crash_since = CASE WHEN $5 THEN NULL ELSE job.crash_since END,
            held_for = CASE WHEN $5 THEN NULL ELSE job.held_for END,
            progress = CASE WHEN $5 THEN 0 ELSE job.progress END,
            best_progress = CASE WHEN $5 THEN 0 ELSE job.best_progress END
        WHERE job.id = $1
        """)

    /// Job: puts back what the sweeper cancelled because this job had ended.
    static let reviveOrphans = Statement(
        "revive_orphans",
        """
        WITH RECURSIVE orphan AS (
            SELECT job.id
            FROM columna.job_parents AS edge
            JOIN columna.jobs AS job ON job.id = edge.child
            WHERE edge.parent = $1 AND job.state = 'cancelled' AND job.failure_code = 'parent-ended'
            UNION
            SELECT job.id
            FROM orphan
            JOIN columna.job_parents AS edge ON edge.parent = orphan.id
            JOIN columna.jobs AS job ON job.id = edge.child
            WHERE job.state = 'cancelled' AND job.failure_code = 'parent-ended'
        )
        UPDATE columna.jobs AS job
        SET
            state = 'waiting',
            changed_at = columna.now(),
            finished_at = NULL,
            failure_class = NULL,
            failure_code = NULL,
            failure_reason = NULL
        FROM orphan
        WHERE job.id = orphan.id
        """)

    /// Actor, action, job, subject.
    package static let audit = Statement(
        "audit",
        """
        INSERT INTO columna.audit (happened_at, actor, action, job, subject)
        VALUES (columna.now(), $1, $2, $3, $4)
        """)

    /// Stage, actor.
    static let pauseStage = Statement(
        "pause_stage",
        """
        INSERT INTO columna.stage_pauses (stage, actor, paused_at)
        VALUES ($1::text::columna.stage, $2, columna.now())
        ON CONFLICT DO NOTHING
        """)

    static let resumeStage = Statement(
        "resume_stage",
        """
        DELETE FROM columna.stage_pauses
        WHERE stage = $1::text::columna.stage
        """)

    static let pausedStages = Statement(
        "paused_stages",
        """
        SELECT stage
        FROM columna.stage_pauses
        """)

    /// Tenant, limit (null: none).
    static let setRunningLimit = Statement(
        "set_running_limit",
        """
        INSERT INTO columna.tenants (name, running_limit)
        VALUES ($1, $2::bigint::integer)
        ON CONFLICT (name) DO UPDATE
        SET running_limit = EXCLUDED.running_limit
        """)
}
