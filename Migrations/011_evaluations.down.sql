DROP VIEW analytics.model_comparison;
DROP VIEW analytics.bad_cases;
DROP VIEW analytics.class_summary;
DROP VIEW analytics.run_history;
DROP VIEW analytics.evaluation_cases;
DROP VIEW analytics.class_agreements;
DROP VIEW analytics.class_distances;
DROP VIEW analytics.class_confusion;
DROP VIEW analytics.case_metrics;
DELETE FROM columna.kind_limits WHERE kind IN ('summarize-evaluation', 'compare-evaluations');
DROP TABLE columna.metric_comparisons;
DROP TABLE columna.comparisons;
DROP TABLE columna.bad_case_reasons;
DROP TABLE columna.bad_cases;
DROP TABLE columna.metric_summaries;
DROP TABLE columna.evaluation_cases;
DROP TABLE columna.evaluations;
DROP TABLE columna.snapshot_cases;
DROP TABLE columna.data_set_snapshots;
DROP TABLE columna.class_confusion;
DROP TABLE columna.class_agreements;
DROP TABLE columna.class_distances;

-- The former table knows one map per job.
DELETE FROM columna.class_metrics WHERE variant <> 'delivered';
ALTER TABLE columna.class_metrics
    DROP CONSTRAINT class_metrics_of_a_case,
    DROP CONSTRAINT class_metrics_pkey,
    DROP COLUMN variant,
    DROP COLUMN auc,
    DROP COLUMN kappa,
    DROP COLUMN centroid_distance_mm,
    DROP COLUMN touches_border,
    ADD COLUMN case_name text,
    ADD COLUMN study uuid REFERENCES columna.studies (id),
    ADD COLUMN model_version text,
    ADD COLUMN evaluated_at timestamptz;
UPDATE columna.class_metrics AS metric
SET
    case_name = measured.case_name,
    study = measured.study,
    model_version = measured.model_version,
    evaluated_at = measured.evaluated_at
FROM columna.case_metrics AS measured
WHERE measured.job = metric.job AND measured.variant = 'delivered';
ALTER TABLE columna.class_metrics
    ALTER COLUMN case_name SET NOT NULL,
    ALTER COLUMN evaluated_at SET NOT NULL,
    ADD PRIMARY KEY (job, class_value, case_name);
CREATE INDEX class_metrics_of_study ON columna.class_metrics (study) WHERE study IS NOT NULL;
DROP TABLE columna.case_metrics;
ALTER TABLE columna.data_set_cases DROP COLUMN split;

-- The view of 007 again.
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
GRANT SELECT ON analytics.case_metrics TO columna_analyst;
