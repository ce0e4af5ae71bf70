-- What lists and reports of trainings and data sets lacked: which epoch a run itself finds best, its loss on validation patches, the newest
-- training of a model without a look at all jobs, and the cases that an import left out knowingly.
ALTER TABLE columna.epoch_metrics
    ADD COLUMN judged_dice double precision,
    ADD COLUMN validation_loss double precision;
COMMENT ON COLUMN columna.epoch_metrics.judged_dice IS 'By what the recipe''s judge compares epochs: the validation Dice, or the running average of the Dice on validation patches. Null: not judged, or an epoch from before it was kept.';
COMMENT ON COLUMN columna.epoch_metrics.validation_loss IS 'Mean loss over the epoch''s batches of validation patches; null where the recipe has none.';

CREATE INDEX jobs_trainings_of_model ON columna.jobs ((parameters ->> 'model'), tenant, created_at DESC, id) WHERE kind = 'train-model';

ALTER TABLE columna.case_imports
    ADD COLUMN is_known_broken boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN columna.case_imports.is_known_broken IS 'Whether it was left out because others found it to be broken (the refusal says what): nothing is missing. Without a refusal it says nothing: a program of before it ordered the case.';
