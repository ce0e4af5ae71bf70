import JobEngine

/// Statements behind the operator's verbs.
enum OperatorStatements {
    /// The job under lock, and whether its parents have succeeded.
    static let lockJob = Statement(
        "lock_job",
        """
        SELECT
            \(JobStatements.columns),
            NOT EXISTS (
                SELECT
                FROM columna.job_parents AS edge
                JOIN columna.jobs AS parent ON parent.id = edge.parent
                WHERE edge.child = job.id AND parent.state <> 'succeeded'
            ) AS parents_succeeded
        FROM columna.jobs AS job
        WHERE job.id = $1
        FOR UPDATE OF job
        """)

    /// Job, now, state, paused, cancellation requested, counts anew.
    static let changeJob = Statement(
        "change_job",
        """
        UPDATE columna.jobs AS job
        SET
            state = $3::columna.job_state,
            is_paused = $4,
            cancellation_requested = $5,
            changed_at = CASE WHEN job.state::text = $3 THEN job.changed_at ELSE $2 END,
            queued_at = CASE WHEN $3 = 'queued' THEN $2 ELSE job.queued_at END,
            rung_at = CASE WHEN $3 = 'queued' THEN $2 ELSE job.rung_at END,
            claim_order = CASE WHEN $3 = 'queued' THEN \(JobStatements.claimOrder("$2", priority: "job.priority")) ELSE job.claim_order END,
            finished_at = CASE WHEN $3 = 'cancelled' THEN $2 END,
            run_at = CASE WHEN $6 THEN NULL ELSE job.run_at END,
            attempt = CASE WHEN $6 THEN 0 ELSE job.attempt END,
            crashes = CASE WHEN $6 THEN 0 ELSE job.crashes END,
            transient_failures = CASE WHEN $6 THEN 0 ELSE job.transient_failures END,
            resource_failures = CASE WHEN $6 THEN 0 ELSE job.resource_failures END,
            defect_failures = CASE WHEN $6 THEN 0 ELSE job.defect_failures END,
            progress = CASE WHEN $6 THEN 0 ELSE job.progress END,
            best_progress = CASE WHEN $6 THEN 0 ELSE job.best_progress END
        WHERE job.id = $1
        """)

    /// Job, now: puts back what the sweeper cancelled because this job had ended.
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
            changed_at = $2,
            finished_at = NULL,
            failure_class = NULL,
            failure_code = NULL,
            failure_reason = NULL
        FROM orphan
        WHERE job.id = orphan.id
        """)

    /// Now, actor, action, job, subject.
    static let audit = Statement(
        "audit",
        """
        INSERT INTO columna.audit (happened_at, actor, action, job, subject)
        VALUES ($1, $2, $3, $4, $5)
        """)

    /// Stage, actor, now.
    static let pauseStage = Statement(
        "pause_stage",
        """
        INSERT INTO columna.stage_pauses (stage, actor, paused_at)
        VALUES ($1::text::columna.stage, $2, $3)
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
