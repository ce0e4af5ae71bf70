-- Versions that are not the best of their run are kept where nothing else has their job.
DROP TABLE columna.model_promotions;
DROP TABLE columna.model_gates;
DROP INDEX columna.model_versions_one_per_job_and_variant;
UPDATE columna.model_versions SET job = NULL WHERE variant <> 'best';
ALTER TABLE columna.model_versions
    DROP COLUMN variant,
    ADD CONSTRAINT model_versions_one_per_job UNIQUE (job);
DROP TABLE columna.training_remarks;
ALTER TABLE columna.epoch_metrics
    DROP COLUMN dice_loss,
    DROP COLUMN cross_entropy,
    DROP COLUMN pseudo_dice,
    DROP COLUMN validation_dice_by_class,
    DROP COLUMN rate_halvings,
    DROP COLUMN waited_share,
    DROP COLUMN peak_memory_bytes,
    DROP COLUMN ended_at;
ALTER TABLE columna.jobs DROP COLUMN finish_requested;
