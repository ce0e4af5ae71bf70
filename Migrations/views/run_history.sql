CREATE OR REPLACE VIEW analytics.run_history AS
SELECT
    evaluation.id AS evaluation,
    evaluation.tenant,
    evaluation.data_set,
    evaluation.snapshot,
    evaluation.split,
    evaluation.model_name || '@' || evaluation.model_version AS model_version,
    evaluation.code_version,
    evaluation.options::jsonb AS options,
    evaluation.repairs,
    CASE
        WHEN summary.state = 'succeeded' THEN 'complete'
        WHEN summary.state IN ('queued', 'running') THEN 'running'
        WHEN progress.failed > 0 OR summary.state IN ('dead', 'cancelled') THEN 'incomplete'
        ELSE 'running'
    END AS state,
    progress.cases,
    progress.measured,
    progress.failed,
    dice.mean AS mean_dice,
    dice.standard_deviation AS standard_deviation_of_dice,
    hausdorff.mean AS mean_hausdorff95,
    whole.identification_rate,
    whole.detection_precision,
    whole.detection_recall,
    whole.shifted_cases,
    whole.accuracy,
    whole.kappa,
    progress.worker_code_versions,
    evaluation.ordered_at,
    summary.finished_at
FROM columna.evaluations AS evaluation
LEFT JOIN columna.jobs AS summary ON summary.id = evaluation.summary_job
LEFT JOIN columna.metric_summaries AS dice
    ON dice.evaluation = evaluation.id AND dice.variant = 'delivered' AND dice.metric = 'dice' AND dice.class_value IS NULL
LEFT JOIN columna.metric_summaries AS hausdorff
    ON hausdorff.evaluation = evaluation.id AND hausdorff.variant = 'delivered' AND hausdorff.metric = 'hausdorff95' AND hausdorff.class_value IS NULL
LEFT JOIN LATERAL (
    SELECT
        count(*) AS cases,
        count(*) FILTER (WHERE measurement.state = 'succeeded') AS measured,
        count(*) FILTER (WHERE measurement.state IN ('dead', 'cancelled') OR segmentation.state IN ('dead', 'cancelled')) AS failed,
        (
            SELECT array_agg(DISTINCT attempt.code_version ORDER BY attempt.code_version)
            FROM columna.evaluation_cases AS own
            JOIN columna.attempts AS attempt ON attempt.job IN (own.measurement, own.segmentation) AND attempt.outcome = 'succeeded'
            WHERE own.evaluation = evaluation.id
        ) AS worker_code_versions
    FROM columna.evaluation_cases AS member
    JOIN columna.jobs AS measurement ON measurement.id = member.measurement
    JOIN columna.jobs AS segmentation ON segmentation.id = member.segmentation
    WHERE member.evaluation = evaluation.id
) AS progress ON true
LEFT JOIN LATERAL (
    SELECT
        avg(measured.identification_rate) AS identification_rate,
        avg(measured.detection_precision) AS detection_precision,
        avg(measured.detection_recall) AS detection_recall,
        count(*) FILTER (WHERE measured.label_shift <> 0) AS shifted_cases,
        avg(measured.accuracy) AS accuracy,
        avg(measured.kappa) AS kappa
    FROM columna.evaluation_cases AS member
    JOIN columna.case_metrics AS measured ON measured.job = member.measurement AND measured.variant = 'delivered'
    WHERE member.evaluation = evaluation.id
) AS whole ON true;
COMMENT ON VIEW analytics.run_history IS 'Every evaluation that was ordered, with what it compared, how far it is and its headline figures.';
COMMENT ON COLUMN analytics.run_history.evaluation IS 'Id of the evaluation.';
COMMENT ON COLUMN analytics.run_history.tenant IS 'Whose evaluation it is.';
COMMENT ON COLUMN analytics.run_history.data_set IS 'Data set whose cases were measured.';
COMMENT ON COLUMN analytics.run_history.snapshot IS 'SHA-256 of what the data set held.';
COMMENT ON COLUMN analytics.run_history.split IS 'Which of the data set''s cases were measured; all: every one.';
COMMENT ON COLUMN analytics.run_history.model_version IS 'NAME@VERSION that was measured.';
COMMENT ON COLUMN analytics.run_history.code_version IS 'Release and revisions of segmentation and metrics.';
COMMENT ON COLUMN analytics.run_history.options IS 'Tolerances (mm), policy for empty classes, whether meshes were measured.';
COMMENT ON COLUMN analytics.run_history.repairs IS 'Whether label maps were repaired where that is unambiguous.';
COMMENT ON COLUMN analytics.run_history.state IS 'running; complete: the cases are measured and summed up (failed counts those left out on request); incomplete: cases failed, order the evaluation again to try them anew.';
COMMENT ON COLUMN analytics.run_history.cases IS 'Cases of the split.';
COMMENT ON COLUMN analytics.run_history.measured IS 'Cases measured so far.';
COMMENT ON COLUMN analytics.run_history.failed IS 'Cases whose segmentation or measurement failed or was cancelled.';
COMMENT ON COLUMN analytics.run_history.mean_dice IS 'Mean over cases of the mean Dice of their classes in truth; 0 (worst) to 1 (best); null until complete.';
COMMENT ON COLUMN analytics.run_history.standard_deviation_of_dice IS 'Its standard deviation over cases (n − 1).';
COMMENT ON COLUMN analytics.run_history.mean_hausdorff95 IS 'The same mean of the 95th percentile Hausdorff distance; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.run_history.identification_rate IS 'Mean over cases of the identification rate; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.run_history.detection_precision IS 'Mean over cases of the detection precision; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.run_history.detection_recall IS 'Mean over cases of the detection recall; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.run_history.shifted_cases IS 'Cases whose whole spine is named off by a number of vertebrae.';
COMMENT ON COLUMN analytics.run_history.accuracy IS 'Mean over cases of the share of voxels with the right label, background included; 0 to 1 (best).';
COMMENT ON COLUMN analytics.run_history.kappa IS 'Mean over cases of Cohen''s kappa over all labels; −1 to 1 (best).';
COMMENT ON COLUMN analytics.run_history.worker_code_versions IS 'Versions of the workers that segmented and measured the cases.';
COMMENT ON COLUMN analytics.run_history.ordered_at IS 'When it was ordered first.';
COMMENT ON COLUMN analytics.run_history.finished_at IS 'When its summary was written; null before.';
GRANT SELECT ON analytics.run_history TO columna_analyst;
