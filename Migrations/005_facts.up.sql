-- What jobs establish for analysts: descriptions of volumes, cases, models, metrics.
CREATE TABLE columna.volumes (
    study uuid PRIMARY KEY REFERENCES columna.studies (id),
    job uuid NOT NULL REFERENCES columna.jobs (id),
    description jsonb NOT NULL,
    described_at timestamptz NOT NULL
);
COMMENT ON TABLE columna.volumes IS 'What ingestion found in a study: non-identifying tags and geometry.';

CREATE TABLE columna.data_set_cases (
    tenant text NOT NULL,
    data_set text NOT NULL,
    name text NOT NULL,
    image text NOT NULL REFERENCES columna.artifacts (address),
    image_role text NOT NULL,
    label text NOT NULL REFERENCES columna.artifacts (address),
    label_role text NOT NULL,
    plan_digest text NOT NULL,
    job uuid NOT NULL REFERENCES columna.jobs (id),
    added_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, data_set, name)
);
COMMENT ON TABLE columna.data_set_cases IS 'Labelled, network-ready cases; a case imported anew replaces the old row.';
COMMENT ON COLUMN columna.data_set_cases.name IS 'Pseudonym, unique in the data set.';
COMMENT ON COLUMN columna.data_set_cases.plan_digest IS 'SHA-256 of the plan''s JSON that image and label were made by.';

CREATE TABLE columna.models (
    name text PRIMARY KEY,
    newest_version integer NOT NULL,
    promoted_version integer
);
COMMENT ON TABLE columna.models IS 'One row per model name; its row lock numbers the versions without gaps.';
COMMENT ON COLUMN columna.models.promoted_version IS 'What the name alone means; null: the newest version.';

CREATE TABLE columna.model_versions (
    name text NOT NULL REFERENCES columna.models (name),
    version integer NOT NULL,
    weights text NOT NULL REFERENCES columna.artifacts (address),
    weights_role text NOT NULL,
    plan json NOT NULL,
    recipe json NOT NULL,
    data_set text,
    validation_dice double precision,
    job uuid CONSTRAINT model_versions_one_per_job UNIQUE REFERENCES columna.jobs (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (name, version),
    CONSTRAINT model_versions_count_from_one CHECK (version >= 1)
);
COMMENT ON TABLE columna.model_versions IS 'Trained or imported weights with what made them; never changed.';
COMMENT ON COLUMN columna.model_versions.job IS 'The training job; null for imported weights.';
COMMENT ON COLUMN columna.model_versions.validation_dice IS 'Mean foreground Dice on the validation split, if there was one.';
ALTER TABLE columna.models ADD CONSTRAINT models_promoted_version_exists
    FOREIGN KEY (name, promoted_version) REFERENCES columna.model_versions (name, version);

CREATE TABLE columna.epoch_metrics (
    job uuid NOT NULL REFERENCES columna.jobs (id),
    epoch integer NOT NULL,
    training_loss double precision NOT NULL,
    validation_dice double precision,
    learning_rate double precision NOT NULL,
    seconds double precision NOT NULL,
    PRIMARY KEY (job, epoch)
);
COMMENT ON TABLE columna.epoch_metrics IS 'A training job''s epochs, counted from 1; an epoch run again after a crash replaces its row.';

CREATE TABLE columna.class_metrics (
    job uuid NOT NULL REFERENCES columna.jobs (id),
    class_value integer NOT NULL,
    class_name text NOT NULL,
    case_name text NOT NULL,
    study uuid REFERENCES columna.studies (id),
    model_version text,
    in_truth boolean NOT NULL,
    in_prediction boolean NOT NULL,
    true_positives bigint NOT NULL,
    false_positives bigint NOT NULL,
    false_negatives bigint NOT NULL,
    true_negatives bigint NOT NULL,
    dice double precision,
    iou double precision,
    sensitivity double precision,
    specificity double precision,
    "precision" double precision,
    accuracy double precision,
    truth_volume_ml double precision NOT NULL,
    predicted_volume_ml double precision NOT NULL,
    evaluated_at timestamptz NOT NULL,
    PRIMARY KEY (job, class_value, case_name)
);
COMMENT ON TABLE columna.class_metrics IS 'One class of one evaluated case. Ratios are null where undefined, never 0 or 1 in their place.';
COMMENT ON COLUMN columna.class_metrics.in_truth IS 'Whether the ground truth has a voxel of the class.';
COMMENT ON COLUMN columna.class_metrics.model_version IS 'NAME@VERSION; null when the prediction came from elsewhere.';
COMMENT ON COLUMN columna.class_metrics.true_positives IS 'Voxels, on the CT''s own grid.';
CREATE INDEX class_metrics_of_study ON columna.class_metrics (study) WHERE study IS NOT NULL;

CREATE TABLE columna.rehearsal_effects (
    job uuid NOT NULL REFERENCES columna.jobs (id),
    happened_at timestamptz NOT NULL
);
COMMENT ON TABLE columna.rehearsal_effects IS 'Effects of rehearsal jobs, without any uniqueness: an effect written twice is seen twice by the kill test.';
CREATE INDEX rehearsal_effects_of_job ON columna.rehearsal_effects (job);
