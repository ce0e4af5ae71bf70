CREATE OR REPLACE VIEW analytics.evaluation_cases AS
SELECT
    member.evaluation,
    evaluation.tenant,
    evaluation.data_set,
    evaluation.snapshot,
    evaluation.split,
    evaluation.model_name || '@' || evaluation.model_version AS model_version,
    member.case_name,
    snapshot.split AS case_split,
    snapshot.volume,
    snapshot.truth,
    member.segmentation AS segmentation_job,
    member.measurement AS job,
    measurement.state,
    coalesce(measurement.failure_reason, segmentation.failure_reason) AS failure_reason
FROM columna.evaluation_cases AS member
JOIN columna.evaluations AS evaluation ON evaluation.id = member.evaluation
JOIN columna.snapshot_cases AS snapshot
    ON snapshot.tenant = evaluation.tenant AND snapshot.data_set = evaluation.data_set AND snapshot.digest = evaluation.snapshot
        AND snapshot.case_name = member.case_name
JOIN columna.jobs AS measurement ON measurement.id = member.measurement
JOIN columna.jobs AS segmentation ON segmentation.id = member.segmentation;
COMMENT ON VIEW analytics.evaluation_cases IS 'The cases of each evaluation with their jobs: join case_metrics and its like by job to stay within one evaluation.';
COMMENT ON COLUMN analytics.evaluation_cases.evaluation IS 'Id of the evaluation.';
COMMENT ON COLUMN analytics.evaluation_cases.tenant IS 'Whose evaluation it is.';
COMMENT ON COLUMN analytics.evaluation_cases.data_set IS 'Data set whose cases were measured.';
COMMENT ON COLUMN analytics.evaluation_cases.snapshot IS 'SHA-256 of what the data set held.';
COMMENT ON COLUMN analytics.evaluation_cases.split IS 'Which of the data set''s cases were measured; all: every one.';
COMMENT ON COLUMN analytics.evaluation_cases.model_version IS 'NAME@VERSION that was measured.';
COMMENT ON COLUMN analytics.evaluation_cases.case_name IS 'Pseudonym of the case.';
COMMENT ON COLUMN analytics.evaluation_cases.case_split IS 'Split the case was in.';
COMMENT ON COLUMN analytics.evaluation_cases.volume IS 'Address of the CT''s bytes.';
COMMENT ON COLUMN analytics.evaluation_cases.truth IS 'Address of the truth''s bytes.';
COMMENT ON COLUMN analytics.evaluation_cases.segmentation_job IS 'The job that segments the case.';
COMMENT ON COLUMN analytics.evaluation_cases.job IS 'The job that measures it: that of case_metrics, class_distances, class_agreements and class_confusion.';
COMMENT ON COLUMN analytics.evaluation_cases.state IS 'State of that job.';
COMMENT ON COLUMN analytics.evaluation_cases.failure_reason IS 'Why the case could not be measured; null where it was or still may be.';
GRANT SELECT ON analytics.evaluation_cases TO columna_analyst;
