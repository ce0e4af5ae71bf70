CREATE OR REPLACE VIEW analytics.class_summary AS
SELECT
    summary.evaluation,
    evaluation.tenant,
    evaluation.data_set,
    evaluation.snapshot,
    evaluation.split,
    evaluation.model_name || '@' || evaluation.model_version AS model_version,
    summary.variant,
    summary.metric,
    summary.class_value,
    summary.class_name,
    summary.n,
    summary.mean,
    summary.standard_deviation,
    summary.minimum,
    summary.lower_quartile,
    summary.median,
    summary.upper_quartile,
    summary.maximum,
    summary.t_lower,
    summary.t_upper,
    summary.bootstrap_lower,
    summary.bootstrap_upper,
    evaluation.code_version,
    evaluation.options::jsonb ->> 'emptyClasses' AS empty_class_policy
FROM columna.metric_summaries AS summary
JOIN columna.evaluations AS evaluation ON evaluation.id = summary.evaluation;
COMMENT ON VIEW analytics.class_summary IS 'Each metric over the cases of an evaluation: per class, and with class null over classes (each case counts with the mean of its classes in truth).';
COMMENT ON COLUMN analytics.class_summary.evaluation IS 'Id of the evaluation.';
COMMENT ON COLUMN analytics.class_summary.tenant IS 'Whose evaluation it is.';
COMMENT ON COLUMN analytics.class_summary.data_set IS 'Data set whose cases were measured.';
COMMENT ON COLUMN analytics.class_summary.snapshot IS 'SHA-256 of what the data set held.';
COMMENT ON COLUMN analytics.class_summary.split IS 'Which of the data set''s cases were measured; all: every one.';
COMMENT ON COLUMN analytics.class_summary.model_version IS 'NAME@VERSION that was measured.';
COMMENT ON COLUMN analytics.class_summary.variant IS 'delivered or unrepaired, as in case_metrics.';
COMMENT ON COLUMN analytics.class_summary.metric IS 'Name of the metric: a column of analytics.case_metrics, where unit, range and definition stand.';
COMMENT ON COLUMN analytics.class_summary.class_value IS 'Class; null: over classes.';
COMMENT ON COLUMN analytics.class_summary.class_name IS 'Name of the class; null: over classes.';
COMMENT ON COLUMN analytics.class_summary.n IS 'Cases that have a value; those without are left out.';
COMMENT ON COLUMN analytics.class_summary.mean IS 'Mean over cases, in the metric''s unit.';
COMMENT ON COLUMN analytics.class_summary.standard_deviation IS 'Standard deviation (n − 1); null for one case.';
COMMENT ON COLUMN analytics.class_summary.minimum IS 'Least value.';
COMMENT ON COLUMN analytics.class_summary.lower_quartile IS 'First quartile, linear between neighbours.';
COMMENT ON COLUMN analytics.class_summary.median IS 'Median.';
COMMENT ON COLUMN analytics.class_summary.upper_quartile IS 'Third quartile.';
COMMENT ON COLUMN analytics.class_summary.maximum IS 'Greatest value.';
COMMENT ON COLUMN analytics.class_summary.t_lower IS 'Lower end of the 95 % interval of the mean by Student''s t; null for one case.';
COMMENT ON COLUMN analytics.class_summary.t_upper IS 'Upper end of the same.';
COMMENT ON COLUMN analytics.class_summary.bootstrap_lower IS 'Lower end of the 95 % interval of the mean by seeded bootstrap; null for one case.';
COMMENT ON COLUMN analytics.class_summary.bootstrap_upper IS 'Upper end of the same.';
COMMENT ON COLUMN analytics.class_summary.code_version IS 'Release and revisions of segmentation and metrics.';
COMMENT ON COLUMN analytics.class_summary.empty_class_policy IS 'What ratios say of classes that a map lacks: undefined, monai, nnu-net or miseval.';
GRANT SELECT ON analytics.class_summary TO columna_analyst;
