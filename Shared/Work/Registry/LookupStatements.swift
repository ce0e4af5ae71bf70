import Persistence

enum LookupStatements {
    /// Tenant, source, message id. One from before sources were kept only if there is no other: it may have been
    /// another source's.
    static let studyOfMessage = Statement(
        "command-study-of-message",
        """
        SELECT id
        FROM columna.studies
        WHERE tenant = $1 AND message_id = $3 AND (source = $2 OR source IS NULL)
        ORDER BY source NULLS LAST
        LIMIT 1
        """)

    /// Tenant, deduplication key.
    static let refusalOfMessage = Statement(
        "command-refusal-of-message",
        """
        SELECT id
        FROM columna.jobs
        WHERE tenant = $1 AND kind = 'ingest-study' AND deduplication_key = $2 AND state = 'dead'
        """)

    static let studiesOfMessage = Statement(
        "command-studies-of-message",
        """
        SELECT id, tenant, source
        FROM columna.studies
        WHERE message_id = $1
        ORDER BY tenant, source
        """)

    static let studyStates = Statement(
        "command-study-states",
        """
        SELECT id, state
        FROM columna.studies
        WHERE id = ANY($1)
        """)

    /// The first hexadecimal digits.
    static let addresses = Statement(
        "command-addresses",
        """
        SELECT address
        FROM columna.artifacts
        WHERE starts_with(address, 'sha256:' || $1)
        """)

    static let runningLimits = Statement(
        "command-running-limits",
        """
        SELECT name, running_limit
        FROM columna.tenants
        WHERE running_limit IS NOT NULL
        ORDER BY name
        """)

    /// Address, direction. A DICOM instance is read by way of the list that is the job's input.
    static let jobsOfArtifact = Statement(
        "command-jobs-of-artifact",
        """
        SELECT lineage.job, lineage.created_at
        FROM analytics.job_lineage AS lineage
        WHERE lineage.address = $1 AND lineage.direction::text = $2
        UNION
        SELECT job.id, job.created_at
        FROM columna.arrived_instances AS instance
        JOIN columna.arrivals AS arrival ON arrival.id = instance.arrival AND arrival.signal IS NOT NULL
        JOIN columna.jobs AS job ON job.study = arrival.study AND job.kind = 'ingest-study'
        WHERE instance.address = $1 AND $2 = 'input'
        ORDER BY created_at, job
        """)

    /// The same bytes may have been written for several studies: the job's own study comes first.
    static let lineageOfJob = Statement(
        "command-lineage-of-job",
        """
        SELECT lineage.direction::text AS direction, lineage.role, lineage.address, lineage.byte_count, lineage.model_version, lineage.code_version,
            coalesce(own.job, lineage.producing_job) AS producing_job
        FROM analytics.job_lineage AS lineage
        LEFT JOIN LATERAL (
            SELECT written.job
            FROM columna.job_artifacts AS written
            JOIN columna.jobs AS maker ON maker.id = written.job
            WHERE written.address = lineage.address AND written.direction::text = 'output' AND lineage.direction::text = 'input'
                AND maker.study = lineage.study
            ORDER BY maker.created_at, maker.id
            LIMIT 1
        ) AS own ON true
        WHERE lineage.job = $1
        """)
}
