CREATE OR REPLACE VIEW analytics.training_epochs AS
SELECT
    epoch.job,
    job.tenant,
    job.parameters ->> 'model' AS model,
    job.parameters ->> 'dataSet' AS data_set,
    job.state::text AS job_state,
    epoch.epoch,
    epoch.training_loss,
    epoch.dice_loss,
    epoch.cross_entropy,
    epoch.learning_rate,
    epoch.rate_halvings,
    pseudo.mean AS pseudo_dice,
    epoch.pseudo_dice AS pseudo_dice_by_class,
    epoch.validation_dice,
    epoch.validation_dice_by_class,
    epoch.seconds,
    epoch.waited_share,
    epoch.peak_memory_bytes,
    epoch.ended_at,
    epoch.validation_loss,
    epoch.judged_dice
FROM columna.epoch_metrics AS epoch
JOIN columna.jobs AS job ON job.id = epoch.job
LEFT JOIN LATERAL (
    SELECT avg(class.value::double precision) AS mean
    FROM jsonb_each_text(epoch.pseudo_dice) AS class
) AS pseudo ON true;
COMMENT ON VIEW analytics.training_epochs IS 'One row per epoch of every training run: losses, rate, Dice, time and memory. What is null was not measured: an epoch from before it was kept, or one without validation.';
COMMENT ON COLUMN analytics.training_epochs.job IS 'The training job; model_versions.job leads to what it left.';
COMMENT ON COLUMN analytics.training_epochs.tenant IS 'Whose data set it learns from.';
COMMENT ON COLUMN analytics.training_epochs.model IS 'Name of the model that gets a version.';
COMMENT ON COLUMN analytics.training_epochs.data_set IS 'Data set that it learns from.';
COMMENT ON COLUMN analytics.training_epochs.job_state IS 'State of the run''s job at present.';
COMMENT ON COLUMN analytics.training_epochs.epoch IS 'From 1; an epoch run again after a crash replaces its row.';
COMMENT ON COLUMN analytics.training_epochs.training_loss IS 'Mean over the epoch''s steps.';
COMMENT ON COLUMN analytics.training_epochs.dice_loss IS 'The Dice part of it.';
COMMENT ON COLUMN analytics.training_epochs.cross_entropy IS 'The cross-entropy part of it.';
COMMENT ON COLUMN analytics.training_epochs.learning_rate IS 'Of the epoch''s last step.';
COMMENT ON COLUMN analytics.training_epochs.rate_halvings IS 'How often the rate had been halved by then because the loss was no number.';
COMMENT ON COLUMN analytics.training_epochs.pseudo_dice IS 'Mean over the classes of the Dice on patches; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.training_epochs.pseudo_dice_by_class IS 'The same of each class, by its label.';
COMMENT ON COLUMN analytics.training_epochs.validation_dice IS 'Mean over the validation cases of the mean over the classes that the case''s truth has, of the averaged weights where the recipe averages; 0 to 1 (best).';
COMMENT ON COLUMN analytics.training_epochs.validation_dice_by_class IS 'Mean over the validation cases that have the class, by its label.';
COMMENT ON COLUMN analytics.training_epochs.seconds IS 'Wall time with the validation; of an epoch that was interrupted, the time of the attempt that ended it.';
COMMENT ON COLUMN analytics.training_epochs.waited_share IS 'Share of the time of its steps that they waited for patches; 0 (best) to 1.';
COMMENT ON COLUMN analytics.training_epochs.peak_memory_bytes IS 'Peak resident memory of the worker''s process (VmHWM) up to the epoch''s end; bytes.';
COMMENT ON COLUMN analytics.training_epochs.ended_at IS 'When the row was written.';
COMMENT ON COLUMN analytics.training_epochs.validation_loss IS 'Mean loss over the epoch''s batches of validation patches; null where the recipe has none.';
COMMENT ON COLUMN analytics.training_epochs.judged_dice IS 'By what the recipe''s judge compares epochs, the best is kept: validation Dice, or the running average of the Dice on patches; 0 to 1 (best).';
GRANT SELECT ON analytics.training_epochs TO columna_analyst;
