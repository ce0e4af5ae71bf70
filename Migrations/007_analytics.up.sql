-- Views for analysts, and a role that can read them and nothing else. The role has no login: grant it to people's own roles
-- (GRANT columna_analyst TO anna). Roles belong to the whole server, so several databases may try to create it at once.
DO $$
BEGIN
    CREATE ROLE columna_analyst NOLOGIN;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

CREATE SCHEMA analytics;
COMMENT ON SCHEMA analytics IS 'What analysts read; grant role columna_analyst to let somebody in.';

CREATE VIEW analytics.case_metrics AS
SELECT
    metric.case_name,
    metric.study,
    job.tenant,
    metric.model_version,
    metric.class_value,
    metric.class_name,
    CASE
        WHEN metric.in_truth AND metric.in_prediction THEN 'both'
        WHEN metric.in_truth THEN 'truth only'
        WHEN metric.in_prediction THEN 'prediction only'
        ELSE 'absent'
    END AS presence,
    metric.in_truth,
    metric.in_prediction,
    metric.dice,
    metric.iou,
    metric.sensitivity,
    metric.specificity,
    metric."precision",
    metric.accuracy,
    metric.truth_volume_ml,
    metric.predicted_volume_ml,
    metric.true_positives,
    metric.false_positives,
    metric.false_negatives,
    metric.true_negatives,
    metric.job,
    metric.evaluated_at
FROM columna.class_metrics AS metric
JOIN columna.jobs AS job ON job.id = metric.job;
COMMENT ON VIEW analytics.case_metrics IS 'One row per evaluated case and class. Ratios are null where undefined (class absent), so averages leave them out.';
COMMENT ON COLUMN analytics.case_metrics.presence IS 'Where the class has voxels: both, truth only, prediction only, absent.';

CREATE VIEW analytics.model_versions AS
SELECT
    version.name,
    version.version,
    version.name || '@' || version.version AS reference,
    version.version IS NOT DISTINCT FROM model.promoted_version AS is_promoted,
    version.weights,
    artifact.byte_count AS weights_byte_count,
    version.data_set,
    version.validation_dice,
    version.plan,
    version.recipe,
    version.job,
    version.created_at
FROM columna.model_versions AS version
JOIN columna.models AS model ON model.name = version.name
JOIN columna.artifacts AS artifact ON artifact.address = version.weights;
COMMENT ON VIEW analytics.model_versions IS 'Every model version with its weights'' address, plan, recipe and training job.';

CREATE VIEW analytics.job_lineage AS
SELECT
    job.id AS job,
    job.kind,
    job.tenant,
    job.study,
    job.state,
    job.parameters,
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
    ORDER BY version.created_at
    LIMIT 1
) AS model ON true;
COMMENT ON VIEW analytics.job_lineage IS 'One row per job and artifact: follow producing_job from an input to the job that wrote it, back to the study''s bytes.';
COMMENT ON COLUMN analytics.job_lineage.producing_job IS 'For an input: the job that wrote those bytes (a parent if one did, else the first that did).';
COMMENT ON COLUMN analytics.job_lineage.model_version IS 'For an input that is a model''s weights: which version.';
COMMENT ON COLUMN analytics.job_lineage.code_version IS 'Version of the worker that ran the last attempt.';

CREATE VIEW analytics.job_status AS
SELECT
    job.stage,
    job.kind,
    job.tenant,
    job.state,
    count(*) AS jobs,
    min(job.created_at) AS oldest,
    extract(epoch FROM avg(job.started_at - job.created_at))::double precision AS mean_wait_seconds,
    extract(epoch FROM percentile_cont(0.95) WITHIN GROUP (ORDER BY job.started_at - job.created_at))::double precision AS p95_wait_seconds,
    extract(epoch FROM avg(job.finished_at - job.started_at))::double precision AS mean_run_seconds
FROM columna.jobs AS job
GROUP BY job.stage, job.kind, job.tenant, job.state;
COMMENT ON VIEW analytics.job_status IS 'How many jobs are in which state, and how long they waited and ran.';

GRANT USAGE ON SCHEMA analytics TO columna_analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA analytics TO columna_analyst;
