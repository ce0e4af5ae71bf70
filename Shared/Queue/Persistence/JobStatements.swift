import JobEngine

/// Statements on jobs and attempts. `$n` are listed above each where there are more than three.
enum JobStatements {
    /// What `JobRow` reads, of a table or CTE named `job`.
    static let columns = """
        job.id, job.kind, job.stage, job.tenant, job.priority, job.state, job.deduplication_key, job.parameters, job.study, job.attempt, job.crashes,
            job.is_paused, job.cancellation_requested, job.finish_requested, job.worker, job.token, job.lease_until, job.progress, job.progress_note,
            job.failure_class, job.failure_code, job.failure_reason, job.created_at, job.queued_at, job.run_at, job.started_at,
            job.finished_at, job.transient_failures, job.resource_failures, job.defect_failures, job.progressed,
            job.transient_since, job.resource_since, job.defect_since, job.crash_since
        """

    /// `queued_at` plus the handicap of the priority, for jobs queued now.
    static func claimOrder(priority: String = "priority") -> String {
        let cases = Priority.allCases.map {
            "WHEN '\($0.rawValue)' THEN interval '\(Int($0.handicapInSeconds)) seconds'"
        }
        // A newer program's priority is taken for the least urgent, as `Priority` does.
        return "columna.now() + CASE \(priority) \(cases.joined(separator: " ")) ELSE \(longestHandicap) END"
    }

    /// Assignments that make a row `job` claimable from now on.
    static let becomeQueued = """
        state = 'queued',
            queued_at = columna.now(),
            changed_at = columna.now(),
            rung_at = columna.now(),
            claim_order = \(claimOrder(priority: "job.priority"))
        """

    /// Of a row `job`: nothing it waits for is unfinished.
    static let parentsSucceeded = """
        NOT EXISTS (
                SELECT
                FROM columna.job_parents AS link
                JOIN columna.jobs AS parent ON parent.id = link.parent
                WHERE link.child = job.id AND parent.state <> 'succeeded'
            )
        """

    /// Job $1 under lock, if it runs by the token $2.
    private static let held = """
        held AS (
            SELECT id, worker
            FROM columna.jobs
            WHERE id = $1 AND token = $2 AND state = 'running'
            FOR UPDATE
        )
        """

    /// The most by which `claim_order` is behind `queued_at`, as an interval.
    static let longestHandicap = "interval '\(Int(Priority.allCases.map(\.handicapInSeconds).max() ?? 0)) seconds'"

    /// Kinds, and their limits in seconds: waiting, running, without progress.
    static let declareKinds = Statement(
        "declare_kinds",
        """
        INSERT INTO columna.kind_limits (kind, waiting, running, no_progress)
        SELECT
            kind, justify_hours(make_interval(secs => waiting)), justify_hours(make_interval(secs => running)),
            justify_hours(make_interval(secs => no_progress))
        FROM unnest($1::text[], $2::float8[], $3::float8[], $4::float8[]) AS declared (kind, waiting, running, no_progress)
        ON CONFLICT (kind) DO NOTHING
        """)

    /// Makes a parent's end wait for this transaction or the other way round, so that one of the two sees the other.
    static let lockParents = Statement(
        "lock_parents",
        """
        SELECT id
        FROM columna.jobs
        WHERE id = ANY($1)
        ORDER BY id
        FOR SHARE
        """)

    /// Of requests: ids, kinds, stages, tenants, priorities, keys, parameters, studies, times; edges: children,
    /// parents; inputs: jobs, roles, addresses, byte counts, media types; failure: class, code, reason (null: not
    /// dead).
    static let enqueueJobs = Statement(
        "enqueue_jobs",
        """
        WITH request AS (
            SELECT *
            FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::timestamptz[])
                AS request (id, kind, stage, tenant, priority, deduplication_key, parameters, study, run_at)
        ),
        edge AS (
            SELECT *
            FROM unnest($10::uuid[], $11::uuid[]) AS edge (child, parent)
        ),
        input AS (
            SELECT *
            FROM unnest($12::uuid[], $13::text[], $14::text[], $15::bigint[], $16::text[])
                AS input (job, role, address, byte_count, media_type)
        ),
        placed AS (
            SELECT
                request.*,
                CASE
                    WHEN $17::text IS NOT NULL THEN 'dead'
                    WHEN request.run_at > columna.now() OR EXISTS (
                        SELECT
                        FROM edge
                        LEFT JOIN columna.jobs AS parent ON parent.id = edge.parent
                        WHERE edge.child = request.id AND parent.state IS DISTINCT FROM 'succeeded'
                    ) THEN 'waiting'
                    ELSE 'queued'
                END::columna.job_state AS state
            FROM request
        ),
        inserted AS (
            INSERT INTO columna.jobs (
                id, kind, stage, tenant, priority, state, deduplication_key, parameters, study, run_at, created_at, changed_at, queued_at,
                claim_order, rung_at, finished_at, failure_class, failure_code, failure_reason)
            SELECT
                id, kind, stage::columna.stage, tenant, priority::columna.priority, state, deduplication_key, parameters::json, study, run_at,
                columna.now(), columna.now(),
                CASE WHEN state = 'queued' THEN columna.now() END,
                CASE WHEN state = 'queued' THEN \(claimOrder()) END,
                CASE WHEN state = 'queued' THEN columna.now() END,
                CASE WHEN state = 'dead' THEN columna.now() END,
                $17::columna.failure_class, $18, $19
            FROM placed
            ORDER BY tenant, kind, deduplication_key
            ON CONFLICT DO NOTHING
            RETURNING id
        ),
        edges AS (
            INSERT INTO columna.job_parents (child, parent)
            SELECT DISTINCT edge.child, edge.parent
            FROM edge
            JOIN inserted ON inserted.id = edge.child
        ),
        artifacts AS (
            \(ArtifactStatements.makeKnown("input"))
        ),
        inputs AS (
            INSERT INTO columna.job_artifacts (job, direction, role, address)
            SELECT input.job, 'input', input.role, input.address
            FROM input
            JOIN inserted ON inserted.id = input.job
            ON CONFLICT DO NOTHING
        )
        SELECT id
        FROM inserted
        """)

    /// For requests that were not inserted (ids, tenants, kinds, keys): the job that each of them is, in order.
    static let findDuplicates = Statement(
        "find_duplicates",
        """
        SELECT coalesce(
            (SELECT job.id FROM columna.jobs AS job WHERE job.id = request.id),
            (
                SELECT job.id
                FROM columna.jobs AS job
                WHERE job.tenant = request.tenant AND job.kind = request.kind AND job.deduplication_key = request.key
            )) AS id
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS request (id, tenant, kind, key, place)
        ORDER BY request.place
        """)

    /// Whoever wants to be the only one with jobs of a kind waits for the others who want to. Kind, tenant.
    static let serialiseOrders = Statement(
        "serialise_orders",
        """
        SELECT pg_advisory_xact_lock(\(AdvisoryLock.exclusiveOrders.rawValue), hashtext($1 || ' ' || $2))
        """)

    /// Kind, tenant.
    static let countOpenJobs = Statement(
        "count_open_jobs",
        """
        SELECT count(*) AS open
        FROM columna.jobs
        WHERE state IN ('waiting', 'queued', 'running') AND kind = $1 AND tenant = $2
        """)

    /// How many claims may be under way at once before one finds all that it looks at locked by others, and comes away
    /// with less than there is.
    private static let contenders = 32

    /// Claims of a stage go one after the other while a tenant with a cap has queued jobs and room: counting and
    /// claiming must not interleave. A tenant at its cap makes nobody wait, and is left out of the claim
    /// (`claims_capped`). Stage, kinds.
    static let serialiseCappedClaims = Statement(
        "serialise_capped_claims",
        """
        SELECT
            set_config('columna.claims_capped', 'on', true),
            pg_advisory_xact_lock(\(AdvisoryLock.cappedClaims.rawValue), hashtext($1))
        WHERE EXISTS (
            SELECT
            FROM columna.tenants AS tenant
            WHERE tenant.running_limit > (\(runningCount(ofTenant: "tenant.name")))
                -- The heads of its lanes, by the index: asked whether there is any queued job at all, a planner reads all that there are.
                AND (
                    SELECT true
                    FROM unnest($2) AS wanted (kind)
                    CROSS JOIN LATERAL (
                        SELECT job.id
                        FROM columna.jobs AS job
                        WHERE job.state = 'queued' AND job.stage = $1::columna.stage AND job.kind = wanted.kind AND job.tenant = tenant.name
                        ORDER BY job.claim_order, job.id
                        LIMIT 1
                    ) AS head
                    LIMIT 1
                )
        )
        """)

    /// Of the stage $1. A cap bounds what it counts.
    private static func runningCount(ofTenant tenant: String) -> String {
        """
        SELECT count(*)
                FROM columna.jobs AS running
                WHERE running.state = 'running' AND running.stage = $1::columna.stage AND running.tenant = \(tenant)
        """
    }

    /// Stage, worker, limit, seconds of the lease, code version, kinds.
    ///
    /// Lanes (the queued jobs of one kind of one tenant) are found by a loose scan: from each to the next by the index,
    /// whatever lies between. The heads of those that are open are candidates, unlocked, so that claims at the same
    /// time do not hide from each other what they do not take; the best of them that nobody else has locked are taken.
    static let claimAvailableJobs = Statement(
        "claim_available_jobs",
        """
        WITH RECURSIVE lane AS (
            SELECT head.kind, head.tenant
            FROM unnest($6) AS wanted (kind)
            CROSS JOIN LATERAL (
                SELECT job.kind, job.tenant
                FROM columna.jobs AS job
                WHERE job.state = 'queued' AND job.stage = $1::columna.stage AND job.kind = wanted.kind
                ORDER BY job.tenant
                LIMIT 1
            ) AS head
            UNION ALL
            SELECT head.kind, head.tenant
            FROM lane
            CROSS JOIN LATERAL (
                SELECT job.kind, job.tenant
                FROM columna.jobs AS job
                WHERE job.state = 'queued' AND job.stage = $1::columna.stage AND job.kind = lane.kind AND job.tenant > lane.tenant
                ORDER BY job.tenant
                LIMIT 1
            ) AS head
        ),
        open_lane AS MATERIALIZED (
            SELECT
                lane.kind,
                lane.tenant,
                CASE
                    WHEN tenant.running_limit IS NULL THEN NULL
                    WHEN current_setting('columna.claims_capped', true) = 'on'
                        THEN greatest(0, tenant.running_limit - (\(runningCount(ofTenant: "lane.tenant"))))
                    ELSE 0
                END AS room
            FROM lane
            LEFT JOIN columna.tenants AS tenant ON tenant.name = lane.tenant
            WHERE NOT EXISTS (SELECT FROM columna.stage_pauses AS pause WHERE pause.stage = $1::columna.stage)
        ),
        candidate AS MATERIALIZED (
            SELECT
                head.id,
                head.claim_order,
                open_lane.room,
                row_number() OVER (PARTITION BY open_lane.tenant ORDER BY head.claim_order, head.id) AS place
            FROM open_lane
            CROSS JOIN LATERAL (
                SELECT job.id, job.claim_order
                FROM columna.jobs AS job
                WHERE job.state = 'queued' AND job.stage = $1::columna.stage AND job.kind = open_lane.kind
                    AND job.tenant = open_lane.tenant
                ORDER BY job.claim_order, job.id
                LIMIT least($3 + \(contenders), open_lane.room)
            ) AS head
            WHERE open_lane.room IS DISTINCT FROM 0
        ),
        best AS (
            SELECT taken.id
            FROM (
                SELECT id
                FROM candidate
                WHERE room IS NULL OR place <= room
                ORDER BY claim_order, id
            ) AS candidate
            CROSS JOIN LATERAL (
                SELECT job.id
                FROM columna.jobs AS job
                WHERE job.id = candidate.id AND job.state = 'queued'
                FOR UPDATE SKIP LOCKED
            ) AS taken
            LIMIT $3
        ),
        job AS (
            UPDATE columna.jobs AS job
            SET
                state = 'running',
                worker = $2,
                -- Claims do not wait for the disk, so a crash of the server can give the same number out twice: the low digits tell the two apart.
                token = nextval('columna.fencing_tokens') * 1048576 + floor(random() * 1048576)::bigint,
                lease_until = columna.now() + make_interval(secs => $4),
                started_at = columna.now(),
                changed_at = columna.now(),
                progressed_at = columna.now(),
                progressed = false,
                attempt = job.attempt + 1
            WHERE job.id = ANY (ARRAY(SELECT id FROM best))
            RETURNING job.*
        ),
        attempt AS (
            INSERT INTO columna.attempts (job, token, started_at, worker, code_version)
            SELECT job.id, job.token, columna.now(), $2, $5
            FROM job
        )
        SELECT
            \(columns),
            (
                SELECT json_agg(json_build_object(
                    'direction', link.direction, 'role', link.role, 'address', link.address, 'byteCount', artifact.byte_count,
                    'mediaType', artifact.media_type) ORDER BY link.position)
                FROM columna.job_artifacts AS link
                JOIN columna.artifacts AS artifact ON artifact.address = link.address
                WHERE link.job = job.id AND (link.direction = 'input' OR link.role = '\(ArtifactKind.checkpoint.role)')
            )::text AS artifacts
        FROM job
        ORDER BY job.claim_order, job.id
        """)

    /// Jobs, tokens, progresses, notes, seconds of the lease. Returns those whose lease was still held.
    static let renewLeases = Statement(
        "renew_leases",
        """
        WITH renewal AS (
            SELECT *
            FROM unnest($1::uuid[], $2::bigint[], $3::float8[], $4::text[]) AS renewal (job, token, progress, note)
        ),
        held AS MATERIALIZED (
            -- In the order in which completions lock, so that the two never wait for each other.
            SELECT job.id
            FROM renewal
            JOIN columna.jobs AS job ON job.id = renewal.job
            WHERE job.token = renewal.token AND job.state = 'running'
            ORDER BY job.id
            FOR UPDATE OF job
        )
        UPDATE columna.jobs AS job
        SET
            lease_until = columna.now() + make_interval(secs => $5),
            progress = renewal.progress,
            progress_note = renewal.note,
            best_progress = greatest(job.best_progress, renewal.progress),
            progressed = job.progressed OR renewal.progress > job.best_progress,
            progressed_at = CASE WHEN renewal.progress > job.progress OR renewal.note <> job.progress_note THEN columna.now() ELSE job.progressed_at END
        FROM renewal
        JOIN held ON held.id = renewal.job
        WHERE job.id = held.id AND job.token = renewal.token AND job.state = 'running'
        RETURNING job.id, job.cancellation_requested, job.is_paused, job.finish_requested
        """)

    /// Job, token. `now` is the clock by which its end is decided.
    static let lockRunningJob = Statement(
        "lock_running_job",
        """
        SELECT \(columns), columna.now() AS now
        FROM columna.jobs AS job
        WHERE job.id = $1 AND job.token = $2 AND job.state = 'running'
        FOR UPDATE
        """)

    /// Job, token: raises CL001 unless the lease is held.
    static let requireLease = Statement(
        "require_lease",
        """
        WITH \(held)
        SELECT columna.require_lease(EXISTS (SELECT FROM held))
        """)

    static let markProgress = Statement(
        "mark_progress",
        """
        UPDATE columna.jobs
        SET
            progressed = true,
            progressed_at = columna.now()
        WHERE id = $1
        """)

    /// Jobs, tokens, summaries: raises CL001 unless the leases of all are held.
    static let completeJobsIfRunning = Statement(
        "complete_jobs_if_running",
        """
        WITH completion AS (
            SELECT *
            FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS completion (job, token, summary)
        ),
        held AS (
            SELECT job.id, job.worker, job.token, completion.summary
            FROM completion
            JOIN columna.jobs AS job ON job.id = completion.job
            WHERE job.token = completion.token AND job.state = 'running'
            ORDER BY job.id
            FOR UPDATE OF job
        ),
        job AS (
            UPDATE columna.jobs AS job
            SET
                state = 'succeeded',
                worker = NULL,
                token = NULL,
                lease_until = NULL,
                is_paused = false,
                finished_at = columna.now(),
                changed_at = columna.now(),
                progress = 1,
                progress_note = held.summary
            FROM held
            WHERE job.id = held.id
        ),
        attempt AS (
            UPDATE columna.attempts AS attempt
            SET
                ended_at = columna.now(),
                outcome = 'succeeded'
            FROM held
            WHERE attempt.job = held.id AND attempt.token = held.token
        ),
        audit AS (
            INSERT INTO columna.audit (happened_at, actor, action, job)
            SELECT columna.now(), held.worker, 'succeeded', held.id
            FROM held
        )
        SELECT columna.require_lease((SELECT count(*) FROM held) = cardinality($1))
        """)

    /// Job, token, state, run at, outcome, failure class, code, reason, transient, resource, defect failures, crashes,
    /// failure belongs to the attempt; since when, of each of the four; held for.
    static let endAttempt = Statement(
        "end_attempt",
        """
        WITH \(held),
        job AS (
            UPDATE columna.jobs AS job
            SET
                state = $3::columna.job_state,
                worker = NULL,
                token = NULL,
                lease_until = NULL,
                run_at = $4,
                rung_at = columna.now(),
                changed_at = columna.now(),
                finished_at = CASE WHEN $3 IN ('dead', 'cancelled') THEN columna.now() END,
                is_paused = is_paused AND $3 = 'waiting',
                attempt = attempt - CASE WHEN $5 = 'interrupted' THEN 1 ELSE 0 END,
                failure_class = $6::columna.failure_class,
                failure_code = $7,
                failure_reason = $8,
                transient_failures = $9,
                resource_failures = $10,
                defect_failures = $11,
                crashes = $12,
                transient_since = $14,
                resource_since = $15,
                defect_since = $16,
                crash_since = $17,
                held_for = $18
            FROM held
            WHERE job.id = held.id
        ),
        attempt AS (
            UPDATE columna.attempts
            SET
                ended_at = columna.now(),
                outcome = $5,
                failure_class = CASE WHEN $13 THEN $6::columna.failure_class END,
                failure_code = CASE WHEN $13 THEN $7 END,
                failure_reason = CASE WHEN $13 THEN $8 END
            WHERE job = $1 AND token = $2 AND EXISTS (SELECT FROM held)
        ),
        audit AS (
            INSERT INTO columna.audit (happened_at, actor, action, job, detail)
            SELECT columna.now(), held.worker, $5, held.id, jsonb_strip_nulls(jsonb_build_object('state', $3, 'code', CASE WHEN $13 THEN $7 END))
            FROM held
        )
        SELECT columna.require_lease(EXISTS (SELECT FROM held))
        """)

    /// Parents. With `releaseChildren` after it, the last of several parents that end at once sees the others.
    static let lockWaitingChildren = Statement(
        "lock_waiting_children",
        """
        SELECT job.id
        FROM columna.job_parents AS edge
        JOIN columna.jobs AS job ON job.id = edge.child
        WHERE edge.parent = ANY($1) AND job.state = 'waiting'
        ORDER BY job.id
        FOR UPDATE OF job
        """)

    /// Parents.
    static let releaseChildren = Statement(
        "release_children",
        """
        UPDATE columna.jobs AS job
        SET
            \(becomeQueued)
        FROM columna.job_parents AS edge
        WHERE edge.parent = ANY($1) AND job.id = edge.child AND job.state = 'waiting' AND NOT job.is_paused
            AND (job.run_at IS NULL OR job.run_at <= columna.now())
            AND \(parentsSucceeded)
        """)
}
