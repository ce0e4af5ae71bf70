-- What a training run tells while it goes on, what it leaves, and how it is asked to end early; and which versions of a model were promoted before
-- the present one, so that a promotion can be taken back.
ALTER TABLE columna.jobs ADD COLUMN finish_requested boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN columna.jobs.finish_requested IS 'An operator wants the job to end soon, with what it has by then: it succeeds. Only kinds that can are asked.';

ALTER TABLE columna.epoch_metrics
    ADD COLUMN dice_loss double precision,
    ADD COLUMN cross_entropy double precision,
    ADD COLUMN pseudo_dice jsonb,
    ADD COLUMN validation_dice_by_class jsonb,
    ADD COLUMN rate_halvings integer,
    ADD COLUMN waited_share double precision,
    ADD COLUMN peak_memory_bytes bigint,
    ADD COLUMN ended_at timestamptz,
    ADD CONSTRAINT epoch_metrics_waited_share_is_a_fraction CHECK (waited_share BETWEEN 0 AND 1),
    ADD CONSTRAINT epoch_metrics_by_class_are_objects CHECK (
        coalesce(jsonb_typeof(pseudo_dice), 'object') = 'object' AND coalesce(jsonb_typeof(validation_dice_by_class), 'object') = 'object');
COMMENT ON COLUMN columna.epoch_metrics.dice_loss IS 'Mean over the epoch''s steps; with cross_entropy the parts of training_loss. Null in all of these: an epoch from before they were kept.';
COMMENT ON COLUMN columna.epoch_metrics.pseudo_dice IS 'Of the training or validation patches, by the class''s label: {"20": 0.91}.';
COMMENT ON COLUMN columna.epoch_metrics.validation_dice_by_class IS 'Mean over the validation cases that have the class, by its label.';
COMMENT ON COLUMN columna.epoch_metrics.waited_share IS 'Share of the steps'' time that they waited for patches.';
COMMENT ON COLUMN columna.epoch_metrics.peak_memory_bytes IS 'Peak resident memory of the worker''s process up to the end of the epoch (VmHWM).';
COMMENT ON COLUMN columna.epoch_metrics.rate_halvings IS 'How often the learning rate had been halved by then because the loss was no number.';

-- What whoever looks at a run must know of it and no figure says.
CREATE TABLE columna.training_remarks (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job uuid NOT NULL REFERENCES columna.jobs (id),
    code text NOT NULL,
    remark text NOT NULL,
    remarked_at timestamptz NOT NULL
);
COMMENT ON TABLE columna.training_remarks IS 'What went otherwise than planned in a training: a checkpoint that could not be read or written, a loss that was no number. Free of patient data.';
CREATE INDEX training_remarks_of_job ON columna.training_remarks (job, position);

-- One run leaves up to three versions: the weights of the best epoch, their average over the steps, and the last.
ALTER TABLE columna.model_versions
    ADD COLUMN variant text,
    ADD CONSTRAINT model_versions_variant_known CHECK (variant IN ('best', 'averaged', 'last')),
    DROP CONSTRAINT model_versions_one_per_job;
COMMENT ON COLUMN columna.model_versions.variant IS 'Which weights of its run they are; null: imported, or from before runs left several (the best).';
CREATE UNIQUE INDEX model_versions_one_per_job_and_variant ON columna.model_versions (job, coalesce(variant, 'best')) WHERE job IS NOT NULL;

-- A version that was held against the promoted one on held-out cases before it could take its place.
CREATE TABLE columna.model_gates (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    candidate integer NOT NULL,
    standing integer NOT NULL,
    comparison uuid NOT NULL REFERENCES columna.comparisons (id),
    data_set text NOT NULL,
    split text NOT NULL,
    pairs integer NOT NULL,
    mean_difference double precision,
    p double precision,
    significance double precision NOT NULL,
    is_passed boolean NOT NULL,
    actor text NOT NULL,
    decided_at timestamptz NOT NULL,
    FOREIGN KEY (name, candidate) REFERENCES columna.model_versions (name, version),
    FOREIGN KEY (name, standing) REFERENCES columna.model_versions (name, version)
);
COMMENT ON TABLE columna.model_gates IS 'Whether a version was let take the place of the promoted one, with the figures that decided; candidate minus standing.';

CREATE TABLE columna.model_promotions (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    version integer NOT NULL,
    actor text NOT NULL,
    promoted_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    FOREIGN KEY (name, version) REFERENCES columna.model_versions (name, version)
);
COMMENT ON TABLE columna.model_promotions IS 'Which version a model''s name meant, one after the other; a rollback withdraws the last.';
CREATE INDEX model_promotions_standing ON columna.model_promotions (name, position) WHERE withdrawn_at IS NULL;

INSERT INTO columna.model_promotions (name, version, actor, promoted_at)
SELECT version.name, version.version, audit.actor, audit.happened_at
FROM columna.audit AS audit
JOIN columna.model_versions AS version ON version.name || '@' || version.version = audit.subject
WHERE audit.action = 'model-promoted'
ORDER BY audit.id;
