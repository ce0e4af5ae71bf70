import Persistence

/// Statements on studies that come as files over time; ``Arrival`` draws their states.
enum ArrivalStatements {
    /// Tenant; of study, instance and series each the keyed name and the former one; address, byte count, risks,
    /// whether it may supersede, id of a new arrival.
    static let receive = Statement(
        "receive_keyed_instance",
        """
        SELECT study_key, arrival, revision, is_news
        FROM columna.receive_keyed_instance($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """)

    /// Tenant, study keys.
    static let endTransfer = Statement(
        "end_transfer",
        """
        UPDATE columna.arrivals
        SET state = 'settling'
        WHERE tenant = $1 AND study_key = ANY($2) AND state = 'open'
        """)

    /// Tenant, the study's keyed name, its former one, id of a new arrival. Makes the arrival if there is none in force.
    static let open = Statement(
        "open_keyed_arrival",
        """
        SELECT columna.open_arrival($1, $2, $3, $4) AS study_key
        """)

    /// Tenant, both names of the study, expected count.
    static let declareComplete = Statement(
        "declare_complete",
        """
        UPDATE columna.arrivals
        SET
            state = 'settling',
            is_declared_complete = true,
            expected_count = coalesce($3::bigint::integer, expected_count)
        WHERE tenant = $1 AND study_key = ANY($2) AND state IN ('open', 'settling')
        """)

    /// Tenant, both names of the study, its id, expected count or null. One that another living study keeps is left to
    /// it.
    static let reserve = Statement(
        "reserve_arrival",
        """
        UPDATE columna.arrivals AS arrival
        SET
            study = $3,
            expected_count = coalesce($4::bigint::integer, expected_count)
        WHERE tenant = $1 AND study_key = ANY($2) AND state IN ('open', 'settling')
            AND (study IS NULL OR study = $3 OR NOT EXISTS (
                SELECT FROM columna.studies AS keeper WHERE keeper.id = arrival.study AND keeper.state = 'submitted'))
        RETURNING id
        """)

    /// Id.
    static let lock = Statement(
        "lock_arrival",
        """
        SELECT id, state, study
        FROM columna.arrivals
        WHERE id = $1
        FOR UPDATE
        """)

    /// Id, signal, study.
    static let complete = Statement(
        "complete_arrival",
        """
        UPDATE columna.arrivals
        SET
            state = 'complete',
            signal = $2,
            study = $3,
            completed_at = columna.now()
        WHERE id = $1
        """)

    /// Arrival.
    static let instances = Statement(
        "arrived_instances",
        """
        SELECT instance.instance_key, instance.series_key, instance.address, artifact.byte_count,
            array_to_string(instance.risks, ',') AS risks
        FROM columna.arrived_instances AS instance
        JOIN columna.artifacts AS artifact ON artifact.address = instance.address
        WHERE instance.arrival = $1
        ORDER BY instance.instance_key
        """)

    private static let columns = """
        SELECT
            arrival.id, arrival.tenant, arrival.study_key, arrival.revision, arrival.state, arrival.expected_count, arrival.is_declared_complete,
            arrival.opened_at, arrival.signal, arrival.study, instances.count AS instance_count, instances.last_at AS last_instance_at
        FROM columna.arrivals AS arrival
        CROSS JOIN LATERAL (
            SELECT count(*) AS count, max(received_at) AS last_at
            FROM columna.arrived_instances AS instance
            WHERE instance.arrival = arrival.id
        ) AS instances
        """

    static let unsettled = Statement(
        "unsettled_arrivals",
        columns + """

            WHERE arrival.state IN ('open', 'settling')
                AND NOT EXISTS (
                    SELECT
                    FROM columna.studies AS keeper
                    WHERE keeper.id = arrival.study
                        AND (keeper.state = 'submitted' OR (keeper.state <> 'succeeded' AND instances.last_at <= keeper.finished_at))
                )
            ORDER BY arrival.opened_at, arrival.id
            """)

    /// Tenant, both names of the study.
    static let current = Statement(
        "current_arrival",
        columns + """

            WHERE arrival.tenant = $1 AND arrival.study_key = ANY($2) AND arrival.state <> 'superseded'
            """)

    /// Tenant or null, states or null, limit.
    static let newest = Statement(
        "newest_arrivals",
        columns + """

            WHERE ($1::text IS NULL OR arrival.tenant = $1) AND ($2::text[] IS NULL OR arrival.state::text = ANY($2))
            ORDER BY arrival.opened_at DESC, arrival.id
            LIMIT $3
            """)

    /// Jobs of former revisions that still run or wait, and that nobody has asked to stop.
    static let supersededJobs = Statement(
        "superseded_jobs",
        """
        SELECT job.id
        FROM columna.arrivals AS arrival
        JOIN columna.jobs AS job ON job.study = arrival.study
        WHERE arrival.state = 'superseded' AND job.state IN ('waiting', 'queued', 'running') AND NOT job.cancellation_requested
        ORDER BY job.id
        """)
}
