DROP VIEW IF EXISTS analytics.training_epochs;
-- Without the mark a case that is known to be broken would count as missing.
DELETE FROM columna.case_imports WHERE is_known_broken AND refusal IS NOT NULL;
ALTER TABLE columna.case_imports DROP COLUMN is_known_broken;
DROP INDEX columna.jobs_trainings_of_model;
ALTER TABLE columna.epoch_metrics
    DROP COLUMN judged_dice,
    DROP COLUMN validation_loss;
