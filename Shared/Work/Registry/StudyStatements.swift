import Persistence

/// Statements on studies. Where a study is compared by the parameters of its first job, a scalar subquery reads them:
/// of EXISTS a planner may make a table of all jobs.
enum StudyStatements {
    /// Id, tenant, pipeline, source, message id, content digest, reply to, correlation id, first job, its parameters.
    /// Nothing where the event has its study. One from before sources were kept is that study only if it asked for the
    /// same: other sources used its id too.
    static let insertStudy = Statement(
        "insert_study",
        """
        INSERT INTO columna.studies (
            id, tenant, pipeline, source, message_id, content_digest, reply_to, correlation_id, first_job, created_at)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, columna.now()
        WHERE NOT EXISTS (
            SELECT
            FROM columna.studies AS former
            WHERE former.tenant = $2 AND former.message_id = $5 AND former.source IS NULL
                AND (SELECT job.parameters::jsonb FROM columna.jobs AS job WHERE job.id = former.first_job) = $10::jsonb
        )
        ON CONFLICT DO NOTHING
        RETURNING id
        """)

    /// Tenant, source, message id, id, parameters of the first job. Under lock, so that it does not end before its new
    /// asker is noted.
    static let lockStudyOfEvent = Statement(
        "lock_study_of_event",
        """
        SELECT id, first_job, state, content_digest
        FROM columna.studies AS study
        WHERE ((tenant = $1 AND message_id = $3 AND (source = $2 OR source IS NULL)) OR id = $4)
            AND (
                source IS NOT NULL
                OR id = $4
                OR (SELECT job.parameters::jsonb FROM columna.jobs AS job WHERE job.id = study.first_job) = $5::jsonb
            )
        LIMIT 1
        FOR UPDATE
        """)

    /// Tenant, kind, key, parameters. Keys counted for a tenant as a whole before sources were kept.
    static let firstJobBeforeSources = Statement(
        "first_job_before_sources",
        """
        SELECT job.id
        FROM columna.jobs AS job
        JOIN columna.studies AS study ON study.id = job.study AND study.source IS NULL
        WHERE job.tenant = $1 AND job.kind = $2 AND job.deduplication_key = $3 AND job.parameters::jsonb = $4::jsonb
        """)

    /// Job.
    static let lockStudyOfJob = Statement(
        "lock_study_of_job",
        """
        SELECT study.id, study.first_job, study.state, study.content_digest
        FROM columna.jobs AS job
        JOIN columna.studies AS study ON study.id = job.study
        WHERE job.id = $1
        FOR UPDATE OF study
        """)

    /// Study, queue, correlation id. Nothing for who asked before.
    static let noteAsker = Statement(
        "note_asker",
        """
        INSERT INTO columna.study_askers (study, queue, correlation_id)
        SELECT id, $2, coalesce($3, '')
        FROM columna.studies
        WHERE id = $1 AND (reply_to, coalesce(correlation_id, '')) IS DISTINCT FROM ($2, coalesce($3, ''))
        ON CONFLICT DO NOTHING
        """)

    static let study = Statement(
        "study",
        """
        SELECT id, tenant, pipeline, source, message_id, content_digest, reply_to, correlation_id, state, created_at
        FROM columna.studies
        WHERE id = $1
        """)

    /// Jobs that ended. With `settleStudies` after it, the last of several jobs that end at once sees the others.
    static let lockStudiesOfJobs = Statement(
        "lock_studies_of_jobs",
        """
        SELECT id
        FROM columna.studies
        WHERE id IN (
            SELECT study
            FROM columna.jobs
            WHERE id = ANY($1)
        )
        ORDER BY id
        FOR UPDATE
        """)

    /// Jobs that ended. Ends the studies that have no unfinished job any more, and writes their events and replies.
    static let settleStudies = Statement(
        "settle_studies",
        """
        WITH study AS (
            UPDATE columna.studies AS study
            SET
                finished_at = columna.now(),
                state = CASE
                    WHEN EXISTS (SELECT FROM columna.jobs AS job WHERE job.study = study.id AND job.state = 'dead') THEN 'dead'
                    WHEN EXISTS (SELECT FROM columna.jobs AS job WHERE job.study = study.id AND job.state = 'cancelled') THEN 'cancelled'
                    ELSE 'succeeded'
                END::columna.study_state
            WHERE study.state = 'submitted'
                AND study.id IN (
                    SELECT job.study
                    FROM columna.jobs AS job
                    WHERE job.id = ANY($1)
                )
                AND NOT EXISTS (
                    SELECT
                    FROM columna.jobs AS job
                    WHERE job.study = study.id AND job.state IN ('waiting', 'queued', 'running')
                )
            RETURNING study.*
        ),
        result AS (
            SELECT
                study.*,
                \(resultData) AS data
            FROM study
        )
        INSERT INTO columna.outbox (occurred_at, exchange, routing_key, correlation_id, type, subject, data)
        SELECT columna.now(), 'columna.events', 'study.' || state, correlation_id, 'columna.study.' || state, id::text, data
        FROM result
        UNION ALL
        SELECT columna.now(), '', reply_to, correlation_id, 'columna.study.' || state, id::text, data
        FROM result
        WHERE reply_to IS NOT NULL
        UNION ALL
        SELECT columna.now(), '', asker.queue, nullif(asker.correlation_id, ''), 'columna.study.' || result.state, result.id::text, result.data
        FROM result
        JOIN columna.study_askers AS asker ON asker.study = result.id
        """)

    /// Study, queue, correlation id. The result of a study that has ended, for who asks again.
    static let repeatResult = Statement(
        "repeat_result",
        """
        INSERT INTO columna.outbox (occurred_at, exchange, routing_key, correlation_id, type, subject, data)
        SELECT columna.now(), '', $2, $3, 'columna.study.' || study.state, study.id::text, \(resultData)
        FROM columna.studies AS study
        WHERE study.id = $1
        """)

    /// Jobs that were replayed or released: their studies are not at their end any more.
    static let reopenStudies = Statement(
        "reopen_studies",
        """
        UPDATE columna.studies
        SET
            state = 'submitted',
            finished_at = NULL
        WHERE state <> 'submitted' AND id IN (
            SELECT study
            FROM columna.jobs
            WHERE id = ANY($1)
        )
        """)

    /// What the hospital is told at the end, of a row `study`: `Contract/schemas/study-result.v1.schema.json`.
    private static let resultData = """
        jsonb_strip_nulls(jsonb_build_object(
            'study', study.id,
            'tenant', study.tenant,
            'pipeline', study.pipeline,
            'state', study.state,
            'job', (
                SELECT job.id
                FROM columna.jobs AS job
                WHERE job.study = study.id
                ORDER BY job.finished_at DESC, job.created_at DESC, job.id DESC
                LIMIT 1
            ),
            'failure', (
                SELECT jsonb_build_object('class', job.failure_class, 'code', job.failure_code, 'reason', job.failure_reason)
                FROM columna.jobs AS job
                WHERE job.study = study.id AND job.state = study.state::text::columna.job_state AND job.state <> 'succeeded'
                    AND job.failure_code IS NOT NULL
                ORDER BY job.finished_at, job.created_at, job.id
                LIMIT 1
            ),
            'artifacts', coalesce((
                SELECT jsonb_agg(jsonb_build_object(
                    'role', link.role, 'address', link.address, 'byteCount', artifact.byte_count,
                    'mediaType', artifact.media_type) ORDER BY link.position)
                FROM columna.jobs AS job
                JOIN columna.job_artifacts AS link ON link.job = job.id AND link.direction = 'output'
                JOIN columna.artifacts AS artifact ON artifact.address = link.address
                WHERE job.study = study.id
            ), '[]'),
            'classes', coalesce((
                SELECT jsonb_agg(jsonb_build_object(
                    'value', metric.class_value, 'name', metric.class_name, 'inTruth', metric.in_truth,
                    'inPrediction', metric.in_prediction, 'dice', metric.dice, 'iou', metric.iou,
                    'truthVolumeInMillilitres', metric.truth_volume_ml,
                    'predictedVolumeInMillilitres', metric.predicted_volume_ml) ORDER BY metric.class_value)
                FROM columna.jobs AS job
                JOIN columna.class_metrics AS metric ON metric.job = job.id AND metric.variant = 'delivered'
                WHERE job.study = study.id
            ), '[]'),
            'review', (
                SELECT jsonb_build_object('needed', judgement.needs_review, 'reasons', to_jsonb(judgement.reasons))
                FROM columna.jobs AS job
                JOIN columna.segmentation_judgements AS judgement ON judgement.job = job.id
                WHERE job.study = study.id
                ORDER BY judgement.judged_at DESC, job.id DESC
                LIMIT 1
            ),
            'held', (
                SELECT jsonb_agg(jsonb_build_object('destination', held.destination, 'cause', held.cause) ORDER BY held.destination COLLATE "C")
                FROM columna.jobs AS job
                JOIN columna.held_deliveries AS held ON held.job = job.id
                WHERE job.study = study.id AND held.decision IS DISTINCT FROM 'released'
            )
        ))
        """
}
