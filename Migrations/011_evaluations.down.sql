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
