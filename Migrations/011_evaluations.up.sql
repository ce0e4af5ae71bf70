-- replaces: 48d88f58105d34cb
-- Evaluations: which model was compared with which truth, every metric of it, and what the cases say together.

-- Which cases a model learns from and which it is measured on.
ALTER TABLE columna.data_set_cases ADD COLUMN split text NOT NULL DEFAULT 'train'
    CONSTRAINT data_set_cases_split_named CHECK (split ~ '^[a-z][a-z0-9-]{0,31}$');
COMMENT ON COLUMN columna.data_set_cases.split IS 'What the case is for: models learn from train and from nothing else; test by custom is what they are measured on.';

-- A case's metrics: what belongs to the whole of it …
CREATE TABLE columna.case_metrics (
    job uuid NOT NULL REFERENCES columna.jobs (id),
    variant text NOT NULL,
    case_name text NOT NULL,
    study uuid REFERENCES columna.studies (id),
    model_version text,
    accuracy double precision,
    kappa double precision,
    identification_rate double precision,
    detection_precision double precision,
    detection_recall double precision,
    label_shift integer,
    options jsonb NOT NULL DEFAULT '{}',
    evaluated_at timestamptz NOT NULL,
    PRIMARY KEY (job, variant),
    CONSTRAINT case_metrics_variant_known CHECK (variant IN ('delivered', 'unrepaired'))
);
COMMENT ON TABLE columna.case_metrics IS 'One compared pair of label maps: what is measured of the case as a whole.';
COMMENT ON COLUMN columna.case_metrics.variant IS 'delivered: the label map as it went out; unrepaired: as the network left it, where a repair changed it.';
COMMENT ON COLUMN columna.case_metrics.model_version IS 'NAME@VERSION; null when the prediction came from elsewhere.';
COMMENT ON COLUMN columna.case_metrics.options IS 'What the comparison left open: tolerances, policy for empty classes, whether meshes were measured.';
CREATE INDEX case_metrics_of_study ON columna.case_metrics (study) WHERE study IS NOT NULL;

INSERT INTO columna.case_metrics (job, variant, case_name, study, model_version, evaluated_at)
SELECT DISTINCT ON (job) job, 'delivered', case_name, study, model_version, evaluated_at
FROM columna.class_metrics
ORDER BY job;

-- … and what belongs to each class. The view over the columns that go is made again from its file.
DROP VIEW IF EXISTS analytics.case_metrics;
ALTER TABLE columna.class_metrics
    DROP CONSTRAINT class_metrics_pkey,
    DROP COLUMN case_name,
    DROP COLUMN study,
    DROP COLUMN model_version,
    DROP COLUMN evaluated_at,
    ADD COLUMN variant text NOT NULL DEFAULT 'delivered',
    ADD COLUMN auc double precision,
    ADD COLUMN kappa double precision,
    ADD COLUMN centroid_distance_mm double precision,
    ADD COLUMN touches_border boolean NOT NULL DEFAULT false,
    ADD PRIMARY KEY (job, variant, class_value),
    ADD CONSTRAINT class_metrics_of_a_case FOREIGN KEY (job, variant) REFERENCES columna.case_metrics (job, variant);
ALTER TABLE columna.class_metrics ALTER COLUMN variant DROP DEFAULT;

CREATE TABLE columna.class_distances (
    job uuid NOT NULL,
    variant text NOT NULL,
    class_value integer NOT NULL,
    surface text NOT NULL,
    direction text NOT NULL,
    maximum double precision NOT NULL,
    percentile95 double precision NOT NULL,
    mean double precision NOT NULL,
    root_mean_square double precision NOT NULL,
    points bigint NOT NULL,
    PRIMARY KEY (job, variant, class_value, surface, direction),
    FOREIGN KEY (job, variant, class_value) REFERENCES columna.class_metrics (job, variant, class_value),
    CONSTRAINT class_distances_surface_known CHECK (surface IN ('voxel', 'mesh')),
    CONSTRAINT class_distances_direction_known CHECK (direction IN ('truth-to-predicted', 'predicted-to-truth'))
);
COMMENT ON TABLE columna.class_distances IS 'Distances in mm from the points of one surface of a class to the other''s nearest point; no row where a map lacks the class.';
COMMENT ON COLUMN columna.class_distances.surface IS 'voxel: centres of boundary voxels; mesh: vertices and triangles of marching cubes.';
COMMENT ON COLUMN columna.class_distances.points IS 'How many points were measured from.';

CREATE TABLE columna.class_agreements (
    job uuid NOT NULL,
    variant text NOT NULL,
    class_value integer NOT NULL,
    tolerance_mm double precision NOT NULL,
    boundary_f1 double precision,
    normalized_surface_dice double precision,
    PRIMARY KEY (job, variant, class_value, tolerance_mm),
    FOREIGN KEY (job, variant, class_value) REFERENCES columna.class_metrics (job, variant, class_value)
);
COMMENT ON TABLE columna.class_agreements IS 'How much of the two surfaces of a class lies within a tolerance of each other.';

CREATE TABLE columna.class_confusion (
    job uuid NOT NULL,
    variant text NOT NULL,
    truth_value integer NOT NULL,
    predicted_value integer NOT NULL,
    voxels bigint NOT NULL,
    PRIMARY KEY (job, variant, truth_value, predicted_value),
    FOREIGN KEY (job, variant) REFERENCES columna.case_metrics (job, variant)
);
COMMENT ON TABLE columna.class_confusion IS 'How many voxels the truth calls one label and the prediction another (or the same); 0 is background; pairs without voxels have no row.';

-- What a data set held when somebody looked: its digest names the bytes.
CREATE TABLE columna.data_set_snapshots (
    tenant text NOT NULL,
    data_set text NOT NULL,
    digest text NOT NULL,
    taken_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, data_set, digest),
    CONSTRAINT data_set_snapshots_digest_is_sha256 CHECK (digest ~ '^[0-9a-f]{64}$')
);
COMMENT ON TABLE columna.data_set_snapshots IS 'The contents of a data set at a time; equal contents are one snapshot.';
COMMENT ON COLUMN columna.data_set_snapshots.digest IS 'SHA-256 over the cases'' names, splits and the addresses of their volumes and truths.';

CREATE TABLE columna.snapshot_cases (
    tenant text NOT NULL,
    data_set text NOT NULL,
    digest text NOT NULL,
    case_name text NOT NULL,
    split text NOT NULL,
    volume text NOT NULL REFERENCES columna.artifacts (address),
    truth text NOT NULL REFERENCES columna.artifacts (address),
    PRIMARY KEY (tenant, data_set, digest, case_name),
    FOREIGN KEY (tenant, data_set, digest) REFERENCES columna.data_set_snapshots (tenant, data_set, digest)
);
COMMENT ON TABLE columna.snapshot_cases IS 'The cases of a snapshot, with the bytes of CT and truth on the CT''s own grid.';

CREATE TABLE columna.evaluations (
    id uuid PRIMARY KEY,
    tenant text NOT NULL,
    data_set text NOT NULL,
    snapshot text NOT NULL,
    split text NOT NULL,
    model_name text NOT NULL,
    model_version integer NOT NULL,
    code_version text NOT NULL,
    options text NOT NULL,
    repairs boolean NOT NULL,
    summary_job uuid REFERENCES columna.jobs (id),
    ordered_at timestamptz NOT NULL,
    FOREIGN KEY (tenant, data_set, snapshot) REFERENCES columna.data_set_snapshots (tenant, data_set, digest),
    FOREIGN KEY (model_name, model_version) REFERENCES columna.model_versions (name, version),
    CONSTRAINT evaluations_once UNIQUE (tenant, data_set, snapshot, split, model_name, model_version, code_version, options, repairs)
);
COMMENT ON TABLE columna.evaluations IS 'One model version over one split of one snapshot, measured by one version of the code.';
COMMENT ON COLUMN columna.evaluations.code_version IS 'Release and revisions of segmentation and metrics; the executables that ran each case stand with its jobs'' attempts.';
COMMENT ON COLUMN columna.evaluations.options IS 'Canonical JSON of what the metrics leave open.';
COMMENT ON COLUMN columna.evaluations.summary_job IS 'The job that joins the cases; null until it is ordered.';

CREATE TABLE columna.evaluation_cases (
    evaluation uuid NOT NULL REFERENCES columna.evaluations (id),
    case_name text NOT NULL,
    segmentation uuid NOT NULL REFERENCES columna.jobs (id),
    measurement uuid NOT NULL REFERENCES columna.jobs (id),
    PRIMARY KEY (evaluation, case_name)
);
COMMENT ON TABLE columna.evaluation_cases IS 'Which jobs segment and measure each case; evaluations of equal cases share them.';
CREATE INDEX evaluation_cases_by_measurement ON columna.evaluation_cases (measurement);

CREATE TABLE columna.metric_summaries (
    evaluation uuid NOT NULL REFERENCES columna.evaluations (id),
    variant text NOT NULL,
    metric text NOT NULL,
    class_value integer,
    class_name text,
    n integer NOT NULL,
    mean double precision,
    standard_deviation double precision,
    minimum double precision,
    lower_quartile double precision,
    median double precision,
    upper_quartile double precision,
    maximum double precision,
    t_lower double precision,
    t_upper double precision,
    bootstrap_lower double precision,
    bootstrap_upper double precision,
    CONSTRAINT metric_summaries_one_per_class UNIQUE NULLS NOT DISTINCT (evaluation, variant, metric, class_value)
);
COMMENT ON TABLE columna.metric_summaries IS 'A metric over the cases of an evaluation, per class and (class null) over classes.';

CREATE TABLE columna.bad_cases (
    evaluation uuid NOT NULL REFERENCES columna.evaluations (id),
    variant text NOT NULL,
    rank integer NOT NULL,
    case_name text NOT NULL,
    mean_dice double precision,
    worst_class integer,
    PRIMARY KEY (evaluation, variant, rank)
);
COMMENT ON TABLE columna.bad_cases IS 'The worst cases of an evaluation, the worst first.';

CREATE TABLE columna.bad_case_reasons (
    evaluation uuid NOT NULL,
    variant text NOT NULL,
    rank integer NOT NULL,
    "position" integer NOT NULL,
    cause text NOT NULL,
    class_value integer,
    explanation text NOT NULL,
    PRIMARY KEY (evaluation, variant, rank, "position"),
    FOREIGN KEY (evaluation, variant, rank) REFERENCES columna.bad_cases (evaluation, variant, rank)
);
COMMENT ON TABLE columna.bad_case_reasons IS 'Why a case is bad, the weightiest reason first.';

CREATE TABLE columna.comparisons (
    id uuid PRIMARY KEY,
    a uuid NOT NULL REFERENCES columna.evaluations (id),
    b uuid NOT NULL REFERENCES columna.evaluations (id),
    job uuid REFERENCES columna.jobs (id),
    ordered_at timestamptz NOT NULL,
    CONSTRAINT comparisons_once UNIQUE (a, b),
    CONSTRAINT comparisons_of_two CHECK (a <> b)
);
COMMENT ON TABLE columna.comparisons IS 'Two evaluations set against each other.';

CREATE TABLE columna.metric_comparisons (
    comparison uuid NOT NULL REFERENCES columna.comparisons (id),
    metric text NOT NULL,
    class_value integer,
    class_name text,
    a_n integer NOT NULL,
    a_mean double precision,
    a_standard_deviation double precision,
    b_n integer NOT NULL,
    b_mean double precision,
    b_standard_deviation double precision,
    pairs integer NOT NULL,
    mean_difference double precision,
    effect_size double precision,
    student_t double precision,
    student_p double precision,
    student_lower double precision,
    student_upper double precision,
    welch_t double precision,
    welch_degrees_of_freedom double precision,
    welch_p double precision,
    welch_lower double precision,
    welch_upper double precision,
    paired_t double precision,
    paired_p double precision,
    paired_p_holm double precision,
    paired_lower double precision,
    paired_upper double precision,
    wilcoxon_w double precision,
    wilcoxon_p double precision,
    wilcoxon_p_holm double precision,
    CONSTRAINT metric_comparisons_one_per_class UNIQUE NULLS NOT DISTINCT (comparison, metric, class_value)
);
COMMENT ON TABLE columna.metric_comparisons IS 'A metric of two models, the first (a) minus the second (b), per class and (class null) over classes.';

INSERT INTO columna.kind_limits (kind, waiting, running, no_progress)
VALUES
    ('summarize-evaluation', '30 days', '4 hours', '1 hour'),
    ('compare-evaluations', '30 days', '4 hours', '1 hour');
