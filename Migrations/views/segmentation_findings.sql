CREATE OR REPLACE VIEW analytics.segmentation_findings AS
SELECT
    finding.job,
    judgement.study,
    job.tenant,
    judgement.model_version,
    finding.position,
    finding.kind,
    finding.severity,
    finding.class_values,
    finding.sentence,
    judgement.judged_at
FROM columna.segmentation_findings AS finding
JOIN columna.segmentation_judgements AS judgement ON judgement.job = finding.job
JOIN columna.jobs AS job ON job.id = finding.job;
COMMENT ON VIEW analytics.segmentation_findings IS 'One row per finding about a segmentation.';
COMMENT ON COLUMN analytics.segmentation_findings.job IS 'The job that segmented.';
COMMENT ON COLUMN analytics.segmentation_findings.study IS 'The study it belongs to; null outside any.';
COMMENT ON COLUMN analytics.segmentation_findings.tenant IS 'Whose study it is.';
COMMENT ON COLUMN analytics.segmentation_findings.model_version IS 'NAME@VERSION of the model; null when it has no name.';
COMMENT ON COLUMN analytics.segmentation_findings.position IS 'Its place among the job''s findings, from 1.';
COMMENT ON COLUMN analytics.segmentation_findings.kind IS 'nothing-found, value-unknown, order-violated, level-missing, spacing-implausible, label-duplicated, volume-implausible, fragmented, uncertain, cut-by-field-of-view.';
COMMENT ON COLUMN analytics.segmentation_findings.severity IS 'information: worth knowing; review: somebody should look.';
COMMENT ON COLUMN analytics.segmentation_findings.class_values IS 'The classes it concerns, from the head down; empty if none.';
COMMENT ON COLUMN analytics.segmentation_findings.sentence IS 'One sentence with figures.';
COMMENT ON COLUMN analytics.segmentation_findings.judged_at IS 'When the job ended.';
GRANT SELECT ON analytics.segmentation_findings TO columna_analyst;
