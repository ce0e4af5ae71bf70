CREATE OR REPLACE VIEW analytics.class_confusion AS
SELECT
    measured.case_name,
    job.tenant,
    measured.model_version,
    confusion.job,
    confusion.variant,
    confusion.truth_value,
    confusion.predicted_value,
    confusion.voxels
FROM columna.class_confusion AS confusion
JOIN columna.case_metrics AS measured ON measured.job = confusion.job AND measured.variant = confusion.variant
JOIN columna.jobs AS job ON job.id = confusion.job;
COMMENT ON VIEW analytics.class_confusion IS 'Which label each label of the truth was given, in voxels.';
COMMENT ON COLUMN analytics.class_confusion.case_name IS 'Pseudonym of the case.';
COMMENT ON COLUMN analytics.class_confusion.tenant IS 'Whose case it is.';
COMMENT ON COLUMN analytics.class_confusion.model_version IS 'NAME@VERSION that made the label map; null when it came from elsewhere.';
COMMENT ON COLUMN analytics.class_confusion.job IS 'The job that measured.';
COMMENT ON COLUMN analytics.class_confusion.variant IS 'delivered or unrepaired, as in case_metrics.';
COMMENT ON COLUMN analytics.class_confusion.truth_value IS 'Label in the truth; 0 is background.';
COMMENT ON COLUMN analytics.class_confusion.predicted_value IS 'Label in the prediction; 0 is background.';
COMMENT ON COLUMN analytics.class_confusion.voxels IS 'How many voxels bear this pair of labels; 1 or more.';
GRANT SELECT ON analytics.class_confusion TO columna_analyst;
