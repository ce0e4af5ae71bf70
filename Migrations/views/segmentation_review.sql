CREATE OR REPLACE VIEW analytics.segmentation_review AS
SELECT
    judgement.job,
    judgement.study,
    job.tenant,
    judgement.model_version,
    judgement.needs_review,
    judgement.reasons,
    (
        SELECT count(*)
        FROM columna.segmentation_classes AS class
        WHERE class.job = judgement.job
    ) AS class_count,
    judgement.repair_requested,
    ARRAY(
        SELECT repair.sentence
        FROM columna.segmentation_repairs AS repair
        WHERE repair.job = judgement.job
        ORDER BY repair.position
    ) AS repairs,
    judgement.judged_at,
    coalesce(job.parameters -> 'order' ->> 'names', 'network') AS names
FROM columna.segmentation_judgements AS judgement
JOIN columna.jobs AS job ON job.id = judgement.job;
COMMENT ON VIEW analytics.segmentation_review IS 'One row per segmentation: whether somebody should look at it, and why. Needs no ground truth.';
COMMENT ON COLUMN analytics.segmentation_review.job IS 'The job that segmented.';
COMMENT ON COLUMN analytics.segmentation_review.study IS 'The study it belongs to; null outside any.';
COMMENT ON COLUMN analytics.segmentation_review.tenant IS 'Whose study it is.';
COMMENT ON COLUMN analytics.segmentation_review.model_version IS 'NAME@VERSION of the model; null when it has no name.';
COMMENT ON COLUMN analytics.segmentation_review.needs_review IS 'Whether somebody should look.';
COMMENT ON COLUMN analytics.segmentation_review.reasons IS 'Why, a sentence each; empty if nobody need.';
COMMENT ON COLUMN analytics.segmentation_review.class_count IS 'How many classes have voxels, 0 to 25.';
COMMENT ON COLUMN analytics.segmentation_review.repair_requested IS 'Whether repair was asked for.';
COMMENT ON COLUMN analytics.segmentation_review.repairs IS 'What it mended, a sentence each, in the order of the steps; empty if nothing.';
COMMENT ON COLUMN analytics.segmentation_review.judged_at IS 'When the job ended.';
COMMENT ON COLUMN analytics.segmentation_review.names IS 'Where the names of vertebrae come from: network, or anatomy. What anatomy changed is in segmentation_findings.';
GRANT SELECT ON analytics.segmentation_review TO columna_analyst;
