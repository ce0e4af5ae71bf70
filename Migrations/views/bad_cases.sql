CREATE OR REPLACE VIEW analytics.bad_cases AS
SELECT
    bad.evaluation,
    evaluation.tenant,
    evaluation.data_set,
    evaluation.split,
    evaluation.model_name || '@' || evaluation.model_version AS model_version,
    bad.variant,
    bad.rank,
    bad.case_name,
    bad.mean_dice,
    bad.worst_class,
    reasons.causes,
    reasons.explanations,
    member.measurement AS job,
    member.segmentation AS segmentation_job
FROM columna.bad_cases AS bad
JOIN columna.evaluations AS evaluation ON evaluation.id = bad.evaluation
JOIN columna.evaluation_cases AS member ON member.evaluation = bad.evaluation AND member.case_name = bad.case_name
LEFT JOIN LATERAL (
    SELECT
        array_agg(reason.cause ORDER BY reason."position") AS causes,
        array_agg(reason.explanation ORDER BY reason."position") AS explanations
    FROM columna.bad_case_reasons AS reason
    WHERE reason.evaluation = bad.evaluation AND reason.variant = bad.variant AND reason.rank = bad.rank
) AS reasons ON true;
COMMENT ON VIEW analytics.bad_cases IS 'The worst cases of each evaluation with the reasons, the worst first.';
COMMENT ON COLUMN analytics.bad_cases.evaluation IS 'Id of the evaluation.';
COMMENT ON COLUMN analytics.bad_cases.tenant IS 'Whose evaluation it is.';
COMMENT ON COLUMN analytics.bad_cases.data_set IS 'Data set whose cases were measured.';
COMMENT ON COLUMN analytics.bad_cases.split IS 'Which of the data set''s cases were measured; all: every one.';
COMMENT ON COLUMN analytics.bad_cases.model_version IS 'NAME@VERSION that was measured.';
COMMENT ON COLUMN analytics.bad_cases.variant IS 'delivered or unrepaired, as in case_metrics.';
COMMENT ON COLUMN analytics.bad_cases.rank IS '1 is the worst case.';
COMMENT ON COLUMN analytics.bad_cases.case_name IS 'Pseudonym of the case.';
COMMENT ON COLUMN analytics.bad_cases.mean_dice IS 'Mean Dice of the classes in truth; 0 (worst) to 1 (best); null without truth.';
COMMENT ON COLUMN analytics.bad_cases.worst_class IS 'Class that lost most Dice; slivers at the edge of the volume count by their size.';
COMMENT ON COLUMN analytics.bad_cases.causes IS 'Kinds of reasons, the weightiest first: missed, shifted-label, leakage, truncated-field-of-view, spurious, inaccurate-border.';
COMMENT ON COLUMN analytics.bad_cases.explanations IS 'The same reasons as sentences with figures.';
COMMENT ON COLUMN analytics.bad_cases.job IS 'The job that measured the case.';
COMMENT ON COLUMN analytics.bad_cases.segmentation_job IS 'The job that segmented it.';
GRANT SELECT ON analytics.bad_cases TO columna_analyst;
