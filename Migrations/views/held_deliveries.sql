CREATE OR REPLACE VIEW analytics.held_deliveries AS
SELECT
    held.job,
    job.study,
    job.tenant,
    held.destination,
    held.model_version,
    held.cause,
    held.reasons,
    held.held_at,
    held.decision,
    held.decided_by,
    held.decided_at,
    held.release_job
FROM columna.held_deliveries AS held
JOIN columna.jobs AS job ON job.id = held.job;
COMMENT ON VIEW analytics.held_deliveries IS 'One row per result that was not sent to an archive because somebody must decide first.';
COMMENT ON COLUMN analytics.held_deliveries.job IS 'The delivery that was held.';
COMMENT ON COLUMN analytics.held_deliveries.study IS 'The study it belongs to.';
COMMENT ON COLUMN analytics.held_deliveries.tenant IS 'Whose study it is.';
COMMENT ON COLUMN analytics.held_deliveries.destination IS 'Name of the archive in the site file.';
COMMENT ON COLUMN analytics.held_deliveries.model_version IS 'NAME@VERSION of the model that segmented.';
COMMENT ON COLUMN analytics.held_deliveries.cause IS 'needs-review: the tenant''s policy holds what needs review; model-not-promoted: the version was not the promoted one.';
COMMENT ON COLUMN analytics.held_deliveries.reasons IS 'A sentence each.';
COMMENT ON COLUMN analytics.held_deliveries.held_at IS 'When.';
COMMENT ON COLUMN analytics.held_deliveries.decision IS 'released or discarded; null: it waits.';
COMMENT ON COLUMN analytics.held_deliveries.decided_by IS 'Who decided; null: nobody yet.';
COMMENT ON COLUMN analytics.held_deliveries.decided_at IS 'When; null: not yet.';
COMMENT ON COLUMN analytics.held_deliveries.release_job IS 'The delivery that a release made; null otherwise.';
GRANT SELECT ON analytics.held_deliveries TO columna_analyst;
