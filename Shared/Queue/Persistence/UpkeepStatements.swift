/// Statements of the sweeper, the relay and the heartbeat.
enum UpkeepStatements {
    /// Seconds until the next one, seconds that this one must be overdue by. Returns a row if a sweep is due: it is the
    /// caller's to do. One that lies a period further off than the caller would put it is due as well: the clock was
    /// set back, or another has a longer period. Less than that is no sign of either: who had to wait for the row began
    /// earlier than who moved the time on.
    static let beginSweep = Statement(
        "begin_sweep",
        """
        UPDATE columna.sweeps
        SET next_at = columna.now() + make_interval(secs => $1)
        WHERE name = 'jobs' AND (
            next_at <= columna.now() - make_interval(secs => $2) OR next_at > columna.now() + make_interval(secs => 2 * $1 + $2)
        )
        RETURNING name
        """)

    private static let overdueColumns = """
        \(JobStatements.columns),
            CASE
                WHEN job.lease_until < columna.now() THEN 'lease-expired'
                WHEN job.started_at + kind_limit.running < columna.now() THEN 'running-limit'
                ELSE 'no-progress'
            END AS breach,
            columna.now() AS now
        """

    /// Limit, job (null: all). Running jobs whose lease ended or that broke a limit of their kind, with what they did.
    static let lockOverdueJobs = Statement(
        "lock_overdue_jobs",
        """
        SELECT
            \(overdueColumns)
        FROM columna.jobs AS job
        LEFT JOIN columna.kind_limits AS kind_limit ON kind_limit.kind = job.kind
        WHERE job.state = 'running' AND ($2::uuid IS NULL OR job.id = $2) AND (
            job.lease_until < columna.now()
            OR job.started_at + kind_limit.running < columna.now()
            OR job.progressed_at + kind_limit.no_progress < columna.now()
        )
        ORDER BY job.lease_until
        LIMIT $1
        FOR UPDATE OF job SKIP LOCKED
        """)

    /// Limit. Waiting jobs that are due: not paused, their time has come, all parents succeeded.
    ///
    /// Parents are asked for by a scalar subquery here and below, and the jobs to change are named by an array: as
    /// joins, a planner that expects many of them would read all jobs there ever were.
    static let releaseDueJobs = Statement(
        "release_due_jobs",
        """
        WITH due AS (
            SELECT job.id
            FROM columna.jobs AS job
            WHERE job.state = 'waiting' AND NOT job.is_paused AND (job.run_at IS NULL OR job.run_at <= columna.now())
                AND (
                    SELECT count(*)
                    FROM columna.job_parents AS edge
                    JOIN columna.jobs AS parent ON parent.id = edge.parent
                    WHERE edge.child = job.id AND parent.state <> 'succeeded'
                ) = 0
            LIMIT $1
            FOR UPDATE OF job SKIP LOCKED
        )
        UPDATE columna.jobs AS job
        SET
            \(JobStatements.becomeQueued)
        WHERE job.id = ANY (ARRAY(SELECT id FROM due))
        RETURNING job.id
        """)

    /// Limit. Waiting jobs one of whose parents ended without success.
    static let cancelOrphans = Statement(
        "cancel_orphans",
        """
        WITH orphan AS MATERIALIZED (
            SELECT waiting.id, waiting.reason
            FROM (
                SELECT
                    job.id,
                    (
                        SELECT 'parent ' || parent.id || ' is ' || parent.state || ': replay it to put this job back too'
                        FROM columna.job_parents AS edge
                        JOIN columna.jobs AS parent ON parent.id = edge.parent
                        WHERE edge.child = job.id AND parent.state IN ('dead', 'cancelled')
                        ORDER BY parent.finished_at, parent.id
                        LIMIT 1
                    ) AS reason
                FROM columna.jobs AS job
                WHERE job.state = 'waiting'
                OFFSET 0
            ) AS waiting
            WHERE waiting.reason IS NOT NULL
            LIMIT $1
        ),
        \(taken("orphan", columns: ["reason"], states: "'waiting'"))
        UPDATE columna.jobs AS job
        SET
            state = 'cancelled',
            is_paused = false,
            finished_at = columna.now(),
            changed_at = columna.now(),
            failure_class = 'data',
            failure_code = 'parent-ended',
            failure_reason = (SELECT taken.reason FROM taken WHERE taken.id = job.id)
        WHERE job.id = ANY (ARRAY(SELECT id FROM taken))
        RETURNING job.id
        """)

    /// Locks the jobs of a CTE that are still in one of the states and that nobody else has locked.
    private static func taken(_ candidates: String, columns: [String] = [], states: String) -> String {
        """
        taken AS (
                SELECT \((["locked.id"] + columns.map { "\(candidates).\($0)" }).joined(separator: ", "))
                FROM \(candidates)
                CROSS JOIN LATERAL (
                    SELECT job.id
                    FROM columna.jobs AS job
                    WHERE job.id = \(candidates).id AND job.state IN (\(states))
                    FOR UPDATE SKIP LOCKED
                ) AS locked
            )
        """
    }

    /// All lanes of the queue, by a loose scan; see `JobStatements.claimAvailableJobs`.
    private static let lanes = """
        lane AS (
                (
                    SELECT job.stage, job.kind, job.tenant
                    FROM columna.jobs AS job
                    WHERE job.state = 'queued'
                    ORDER BY job.stage, job.kind, job.tenant
                    LIMIT 1
                )
                UNION ALL
                SELECT head.stage, head.kind, head.tenant
                FROM lane
                CROSS JOIN LATERAL (
                    SELECT job.stage, job.kind, job.tenant
                    FROM columna.jobs AS job
                    WHERE job.state = 'queued' AND (job.stage, job.kind, job.tenant) > (lane.stage, lane.kind, lane.tenant)
                    ORDER BY job.stage, job.kind, job.tenant
                    LIMIT 1
                ) AS head
            )
        """

    /// Limit. Jobs that waited longer than their kind may, counted from when they were due. No queued job is claimed
    /// later than its longest handicap after it came, so that the old ones are at the heads of their lanes.
    static let cancelOverlongWaits = Statement(
        "cancel_overlong_waits",
        """
        WITH RECURSIVE \(lanes),
        overlong AS MATERIALIZED (
            SELECT id, waiting
            FROM (
                SELECT job.id, kind_limit.waiting
                FROM columna.kind_limits AS kind_limit
                JOIN columna.jobs AS job ON job.kind = kind_limit.kind
                WHERE job.state = 'waiting' AND NOT job.is_paused AND job.changed_at < columna.now() - kind_limit.waiting
                    AND (job.run_at IS NULL OR job.run_at < columna.now() - kind_limit.waiting)
                UNION ALL
                SELECT head.id, kind_limit.waiting
                FROM lane
                JOIN columna.kind_limits AS kind_limit ON kind_limit.kind = lane.kind
                CROSS JOIN LATERAL (
                    SELECT job.id
                    FROM columna.jobs AS job
                    WHERE job.state = 'queued' AND job.stage = lane.stage AND job.kind = lane.kind AND job.tenant = lane.tenant
                        AND job.claim_order < columna.now() - kind_limit.waiting + \(JobStatements.longestHandicap)
                        AND job.changed_at < columna.now() - kind_limit.waiting
                        AND (job.run_at IS NULL OR job.run_at < columna.now() - kind_limit.waiting)
                    ORDER BY job.claim_order, job.id
                    LIMIT $1
                ) AS head
            ) AS candidate
            LIMIT $1
        ),
        \(taken("overlong", columns: ["waiting"], states: "'waiting', 'queued'"))
        UPDATE columna.jobs AS job
        SET
            state = 'cancelled',
            finished_at = columna.now(),
            changed_at = columna.now(),
            failure_class = 'resource',
            failure_code = 'waiting-limit',
            failure_reason = (
                SELECT 'nobody ran this job within ' || taken.waiting || ', the limit of its kind: start workers of its stage and replay it'
                FROM taken
                WHERE taken.id = job.id
            )
        WHERE job.id = ANY (ARRAY(SELECT id FROM taken))
        RETURNING job.id
        """)

    /// Silence before a job is rung again, jobs per stage. Only the head of each stage's queue is rung: a wake-up means
    /// "take the best", so ringing every job of a long queue would only fill the broker.
    static let ringAgain = Statement(
        "ring_again",
        """
        WITH RECURSIVE \(lanes),
        head AS MATERIALIZED (
            SELECT
                first.id,
                first.rung_at,
                row_number() OVER (PARTITION BY lane.stage ORDER BY first.claim_order, first.id) AS place
            FROM lane
            CROSS JOIN LATERAL (
                SELECT job.id, job.rung_at, job.claim_order
                FROM columna.jobs AS job
                WHERE job.state = 'queued' AND job.stage = lane.stage AND job.kind = lane.kind AND job.tenant = lane.tenant
                ORDER BY job.claim_order, job.id
                LIMIT $2
            ) AS first
            WHERE NOT EXISTS (SELECT FROM columna.stage_pauses AS pause WHERE pause.stage = lane.stage)
        ),
        silent AS (
            SELECT id
            FROM head
            WHERE place <= $2 AND rung_at < columna.now() - make_interval(secs => $1)
        ),
        \(taken("silent", states: "'queued'")),
        job AS (
            UPDATE columna.jobs AS job
            SET rung_at = columna.now()
            WHERE job.id = ANY (ARRAY(SELECT id FROM taken))
            RETURNING job.id, job.stage, job.priority
        )
        INSERT INTO columna.outbox (occurred_at, exchange, routing_key, type, subject, data)
        SELECT
            columna.now(), 'columna.work', job.stage || '.' || job.priority, 'columna.work.' || job.stage, job.id::text,
            jsonb_build_object('job', job.id, 'stage', job.stage, 'priority', job.priority)
        FROM job
        """)

    /// Exchange, routing key, correlation id, type, subject, data.
    static let insertMessage = Statement(
        "insert_message",
        """
        INSERT INTO columna.outbox (occurred_at, exchange, routing_key, correlation_id, type, subject, data)
        VALUES (columna.now(), $1, $2, $3, $4, $5, $6::jsonb)
        """)

    /// Limit, first id, whether wake-ups are meant (or events).
    static let lockOldestMessages = Statement(
        "lock_oldest_messages",
        """
        SELECT id, message_id, occurred_at, exchange, routing_key, correlation_id, data ->> 'tenant' AS tenant, type, subject, data::text AS data
        FROM columna.outbox
        WHERE id >= $2 AND (exchange = 'columna.work') = $3
        ORDER BY id
        LIMIT $1
        FOR UPDATE SKIP LOCKED
        """)

    static let deleteMessages = Statement(
        "delete_messages",
        """
        DELETE FROM columna.outbox
        WHERE id = ANY($1)
        """)

    /// Id, stage, host, process id, version, slots, busy slots, state, clock skew, note, schema version.
    static let recordHeartbeat = Statement(
        "record_heartbeat",
        """
        INSERT INTO columna.workers (
            id, stage, host, process_id, version, slots, busy_slots, state, clock_skew_seconds, note, schema_version, started_at,
            heartbeat_at)
        VALUES (
            $1, $2::text::columna.stage, $3, $4::bigint::integer, $5, $6::bigint::integer, $7::bigint::integer, $8, $9, $10,
            $11::bigint::integer, columna.now(), columna.now())
        ON CONFLICT (id) DO UPDATE
        SET \(Statement.excluded("slots", "busy_slots", "state", "clock_skew_seconds", "note", "heartbeat_at"))
        """)

    /// Longest silence in seconds.
    static let workers = Statement(
        "workers",
        """
        SELECT
            id, stage, host, process_id, version, slots, busy_slots, state, clock_skew_seconds, note, started_at, heartbeat_at,
            extract(epoch FROM columna.now() - heartbeat_at)::double precision AS silence
        FROM columna.workers
        WHERE heartbeat_at >= columna.now() - make_interval(secs => $1)
        ORDER BY stage, id
        """)
}
