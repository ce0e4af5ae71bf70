-- Where a study lay is the hospital's to name, and folders are often named after patients; a retrieval names a study by its UID. Analysts read
-- the parameters without them, operators in columna.jobs with them.
--
-- The same weights may be several model versions: one exported and imported again has the same address. A job ran with the version that it was
-- ordered with, whichever came first.
CREATE OR REPLACE VIEW analytics.job_lineage AS
SELECT
    job.id AS job,
    job.kind,
    job.tenant,
    job.study,
    job.state,
    CASE
        WHEN job.parameters ->> 'path' IS NULL AND job.parameters ->> 'studyInstanceUID' IS NULL THEN job.parameters
        ELSE (job.parameters::jsonb - ARRAY['path', 'labelPath', 'studyInstanceUID'])::json
    END AS parameters,
    last_attempt.code_version,
    last_attempt.worker,
    link.direction,
    link.role,
    link.address,
    artifact.byte_count,
    artifact.media_type,
    producer.job AS producing_job,
    CASE WHEN link.direction = 'input' THEN model.name || '@' || model.version END AS model_version,
    ARRAY(
        SELECT edge.parent
        FROM columna.job_parents AS edge
        WHERE edge.child = job.id
        ORDER BY edge.parent
    ) AS parent_jobs,
    job.created_at,
    job.finished_at
FROM columna.jobs AS job
LEFT JOIN columna.job_artifacts AS link ON link.job = job.id
LEFT JOIN columna.artifacts AS artifact ON artifact.address = link.address
LEFT JOIN LATERAL (
    SELECT attempt.code_version, attempt.worker
    FROM columna.attempts AS attempt
    WHERE attempt.job = job.id
    ORDER BY attempt.token DESC
    LIMIT 1
) AS last_attempt ON true
LEFT JOIN LATERAL (
    SELECT written.job
    FROM columna.job_artifacts AS written
    WHERE written.address = link.address AND written.direction = 'output' AND link.direction = 'input'
    ORDER BY EXISTS (
        SELECT FROM columna.job_parents AS edge
        WHERE edge.child = job.id AND edge.parent = written.job
    ) DESC, written.position
    LIMIT 1
) AS producer ON true
LEFT JOIN LATERAL (
    SELECT version.name, version.version
    FROM columna.model_versions AS version
    WHERE version.weights = link.address
    ORDER BY (version.name || '@' || version.version IS NOT DISTINCT FROM (job.parameters -> 'order' ->> 'model')) DESC, version.created_at
    LIMIT 1
) AS model ON true;
COMMENT ON VIEW analytics.job_lineage IS 'One row per job and artifact: follow producing_job from an input to the job that wrote it, back to the study''s bytes.';
COMMENT ON COLUMN analytics.job_lineage.parameters IS 'What the job was asked to do, without the paths of a study''s files and without its UID.';
COMMENT ON COLUMN analytics.job_lineage.code_version IS 'Version of the worker that ran the last attempt.';
COMMENT ON COLUMN analytics.job_lineage.producing_job IS 'For an input: the job that wrote those bytes (a parent if one did, else the first that did).';
COMMENT ON COLUMN analytics.job_lineage.model_version IS 'For an input that is a model''s weights: the version that the job was ordered with; of jobs that name none, the oldest with these weights.';
GRANT SELECT ON analytics.job_lineage TO columna_analyst;
