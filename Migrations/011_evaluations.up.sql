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

-- … and what belongs to each class.
DROP VIEW analytics.case_metrics;
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

CREATE VIEW analytics.case_metrics AS
SELECT
    measured.case_name,
    measured.study,
    job.tenant,
    measured.model_version,
    metric.class_value,
    metric.class_name,
    CASE
        WHEN metric.in_truth AND metric.in_prediction THEN 'both'
        WHEN metric.in_truth THEN 'truth only'
        WHEN metric.in_prediction THEN 'prediction only'
        ELSE 'absent'
    END AS presence,
    metric.in_truth,
    metric.in_prediction,
    metric.dice,
    metric.iou,
    metric.sensitivity,
    metric.specificity,
    metric."precision",
    metric.accuracy,
    metric.truth_volume_ml,
    metric.predicted_volume_ml,
    metric.true_positives,
    metric.false_positives,
    metric.false_negatives,
    metric.true_negatives,
    metric.job,
    measured.evaluated_at,
    measured.variant,
    metric.auc,
    metric.kappa,
    near.boundary_f1 AS boundary_f1_1_5mm,
    wide.boundary_f1 AS boundary_f1_3mm,
    near.normalized_surface_dice AS nsd_1_5mm,
    wide.normalized_surface_dice AS nsd_3mm,
    voxel.hausdorff,
    voxel.hausdorff95,
    voxel.average_hausdorff,
    voxel.rms_hausdorff,
    voxel.assd,
    voxel.average_truth_to_predicted,
    voxel.average_predicted_to_truth,
    mesh.hausdorff AS mesh_hausdorff,
    mesh.hausdorff95 AS mesh_hausdorff95,
    mesh.average_hausdorff AS mesh_average_hausdorff,
    mesh.rms_hausdorff AS mesh_rms_hausdorff,
    (metric.predicted_volume_ml / nullif(metric.truth_volume_ml, 0) - 1) * 100 AS volume_error_percent,
    metric.centroid_distance_mm AS centroid_distance,
    metric.touches_border,
    measured.identification_rate,
    measured.detection_precision,
    measured.detection_recall,
    measured.label_shift,
    measured.options ->> 'emptyClasses' AS empty_class_policy
FROM columna.class_metrics AS metric
JOIN columna.case_metrics AS measured ON measured.job = metric.job AND measured.variant = metric.variant
JOIN columna.jobs AS job ON job.id = metric.job
LEFT JOIN columna.class_agreements AS near
    ON near.job = metric.job AND near.variant = metric.variant AND near.class_value = metric.class_value AND near.tolerance_mm = 1.5
LEFT JOIN columna.class_agreements AS wide
    ON wide.job = metric.job AND wide.variant = metric.variant AND wide.class_value = metric.class_value AND wide.tolerance_mm = 3
LEFT JOIN LATERAL (
    SELECT
        max(distance.maximum) AS hausdorff,
        max(distance.percentile95) AS hausdorff95,
        max(distance.mean) AS average_hausdorff,
        max(distance.root_mean_square) AS rms_hausdorff,
        sum(distance.mean * distance.points) / sum(distance.points) AS assd,
        max(distance.mean) FILTER (WHERE distance.direction = 'truth-to-predicted') AS average_truth_to_predicted,
        max(distance.mean) FILTER (WHERE distance.direction = 'predicted-to-truth') AS average_predicted_to_truth
    FROM columna.class_distances AS distance
    WHERE distance.job = metric.job AND distance.variant = metric.variant AND distance.class_value = metric.class_value AND distance.surface = 'voxel'
) AS voxel ON true
LEFT JOIN LATERAL (
    SELECT
        max(distance.maximum) AS hausdorff,
        max(distance.percentile95) AS hausdorff95,
        max(distance.mean) AS average_hausdorff,
        max(distance.root_mean_square) AS rms_hausdorff
    FROM columna.class_distances AS distance
    WHERE distance.job = metric.job AND distance.variant = metric.variant AND distance.class_value = metric.class_value AND distance.surface = 'mesh'
) AS mesh ON true;
COMMENT ON VIEW analytics.case_metrics IS 'One row per compared pair of label maps and class. Values are null where undefined, so averages leave them out. All voxels are those of the CT''s own grid.';

CREATE VIEW analytics.class_confusion AS
SELECT
    measured.case_name,
    job.tenant,
    measured.model_version,
    confusion.job,
    confusion.variant,
    confusion.truth_value,
    confusion.predicted_value,
    confusion.voxels
FROM columna.class_confusion AS confusion
JOIN columna.case_metrics AS measured ON measured.job = confusion.job AND measured.variant = confusion.variant
JOIN columna.jobs AS job ON job.id = confusion.job;
COMMENT ON VIEW analytics.class_confusion IS 'Which label each label of the truth was given, in voxels.';

CREATE VIEW analytics.class_distances AS
SELECT
    measured.case_name,
    job.tenant,
    measured.model_version,
    distance.job,
    distance.variant,
    distance.class_value,
    distance.surface,
    distance.direction,
    distance.maximum,
    distance.percentile95,
    distance.mean,
    distance.root_mean_square,
    distance.points
FROM columna.class_distances AS distance
JOIN columna.case_metrics AS measured ON measured.job = distance.job AND measured.variant = distance.variant
JOIN columna.jobs AS job ON job.id = distance.job;
COMMENT ON VIEW analytics.class_distances IS 'One-sided distances between the surfaces of a class, of which case_metrics shows the symmetric ones; no row where a map lacks the class.';

CREATE VIEW analytics.class_agreements AS
SELECT
    measured.case_name,
    job.tenant,
    measured.model_version,
    agreement.job,
    agreement.variant,
    agreement.class_value,
    agreement.tolerance_mm,
    agreement.boundary_f1,
    agreement.normalized_surface_dice
FROM columna.class_agreements AS agreement
JOIN columna.case_metrics AS measured ON measured.job = agreement.job AND measured.variant = agreement.variant
JOIN columna.jobs AS job ON job.id = agreement.job;
COMMENT ON VIEW analytics.class_agreements IS 'Boundary F1 and surface Dice at every tolerance that was asked for, of which case_metrics shows 1.5 and 3 mm.';

CREATE VIEW analytics.evaluation_cases AS
SELECT
    member.evaluation,
    evaluation.tenant,
    evaluation.data_set,
    evaluation.snapshot,
    evaluation.split,
    evaluation.model_name || '@' || evaluation.model_version AS model_version,
    member.case_name,
    snapshot.split AS case_split,
    snapshot.volume,
    snapshot.truth,
    member.segmentation AS segmentation_job,
    member.measurement AS job,
    measurement.state,
    coalesce(measurement.failure_reason, segmentation.failure_reason) AS failure_reason
FROM columna.evaluation_cases AS member
JOIN columna.evaluations AS evaluation ON evaluation.id = member.evaluation
JOIN columna.snapshot_cases AS snapshot
    ON snapshot.tenant = evaluation.tenant AND snapshot.data_set = evaluation.data_set AND snapshot.digest = evaluation.snapshot
        AND snapshot.case_name = member.case_name
JOIN columna.jobs AS measurement ON measurement.id = member.measurement
JOIN columna.jobs AS segmentation ON segmentation.id = member.segmentation;
COMMENT ON VIEW analytics.evaluation_cases IS 'The cases of each evaluation with their jobs: join case_metrics and its like by job to stay within one evaluation.';

CREATE VIEW analytics.run_history AS
SELECT
    evaluation.id AS evaluation,
    evaluation.tenant,
    evaluation.data_set,
    evaluation.snapshot,
    evaluation.split,
    evaluation.model_name || '@' || evaluation.model_version AS model_version,
    evaluation.code_version,
    evaluation.options::jsonb AS options,
    evaluation.repairs,
    CASE
        WHEN summary.state = 'succeeded' THEN 'complete'
        WHEN summary.state IN ('queued', 'running') THEN 'running'
        WHEN progress.failed > 0 OR summary.state IN ('dead', 'cancelled') THEN 'incomplete'
        ELSE 'running'
    END AS state,
    progress.cases,
    progress.measured,
    progress.failed,
    dice.mean AS mean_dice,
    dice.standard_deviation AS standard_deviation_of_dice,
    hausdorff.mean AS mean_hausdorff95,
    whole.identification_rate,
    whole.detection_precision,
    whole.detection_recall,
    whole.shifted_cases,
    whole.accuracy,
    whole.kappa,
    progress.worker_code_versions,
    evaluation.ordered_at,
    summary.finished_at
FROM columna.evaluations AS evaluation
LEFT JOIN columna.jobs AS summary ON summary.id = evaluation.summary_job
LEFT JOIN columna.metric_summaries AS dice
    ON dice.evaluation = evaluation.id AND dice.variant = 'delivered' AND dice.metric = 'dice' AND dice.class_value IS NULL
LEFT JOIN columna.metric_summaries AS hausdorff
    ON hausdorff.evaluation = evaluation.id AND hausdorff.variant = 'delivered' AND hausdorff.metric = 'hausdorff95' AND hausdorff.class_value IS NULL
LEFT JOIN LATERAL (
    SELECT
        count(*) AS cases,
        count(*) FILTER (WHERE measurement.state = 'succeeded') AS measured,
        count(*) FILTER (WHERE measurement.state IN ('dead', 'cancelled') OR segmentation.state IN ('dead', 'cancelled')) AS failed,
        (
            SELECT array_agg(DISTINCT attempt.code_version ORDER BY attempt.code_version)
            FROM columna.evaluation_cases AS own
            JOIN columna.attempts AS attempt ON attempt.job IN (own.measurement, own.segmentation) AND attempt.outcome = 'succeeded'
            WHERE own.evaluation = evaluation.id
        ) AS worker_code_versions
    FROM columna.evaluation_cases AS member
    JOIN columna.jobs AS measurement ON measurement.id = member.measurement
    JOIN columna.jobs AS segmentation ON segmentation.id = member.segmentation
    WHERE member.evaluation = evaluation.id
) AS progress ON true
LEFT JOIN LATERAL (
    SELECT
        avg(measured.identification_rate) AS identification_rate,
        avg(measured.detection_precision) AS detection_precision,
        avg(measured.detection_recall) AS detection_recall,
        count(*) FILTER (WHERE measured.label_shift <> 0) AS shifted_cases,
        avg(measured.accuracy) AS accuracy,
        avg(measured.kappa) AS kappa
    FROM columna.evaluation_cases AS member
    JOIN columna.case_metrics AS measured ON measured.job = member.measurement AND measured.variant = 'delivered'
    WHERE member.evaluation = evaluation.id
) AS whole ON true;
COMMENT ON VIEW analytics.run_history IS 'Every evaluation that was ordered, with what it compared, how far it is and its headline figures.';

CREATE VIEW analytics.class_summary AS
SELECT
    summary.evaluation,
    evaluation.tenant,
    evaluation.data_set,
    evaluation.snapshot,
    evaluation.split,
    evaluation.model_name || '@' || evaluation.model_version AS model_version,
    summary.variant,
    summary.metric,
    summary.class_value,
    summary.class_name,
    summary.n,
    summary.mean,
    summary.standard_deviation,
    summary.minimum,
    summary.lower_quartile,
    summary.median,
    summary.upper_quartile,
    summary.maximum,
    summary.t_lower,
    summary.t_upper,
    summary.bootstrap_lower,
    summary.bootstrap_upper,
    evaluation.code_version,
    evaluation.options::jsonb ->> 'emptyClasses' AS empty_class_policy
FROM columna.metric_summaries AS summary
JOIN columna.evaluations AS evaluation ON evaluation.id = summary.evaluation;
COMMENT ON VIEW analytics.class_summary IS 'Each metric over the cases of an evaluation: per class, and with class null over classes (each case counts with the mean of its classes in truth).';

CREATE VIEW analytics.bad_cases AS
SELECT
    bad.evaluation,
    evaluation.tenant,
    evaluation.data_set,
    evaluation.split,
    evaluation.model_name || '@' || evaluation.model_version AS model_version,
    bad.variant,
    bad.rank,
    bad.case_name,
    bad.mean_dice,
    bad.worst_class,
    reasons.causes,
    reasons.explanations,
    member.measurement AS job,
    member.segmentation AS segmentation_job
FROM columna.bad_cases AS bad
JOIN columna.evaluations AS evaluation ON evaluation.id = bad.evaluation
JOIN columna.evaluation_cases AS member ON member.evaluation = bad.evaluation AND member.case_name = bad.case_name
LEFT JOIN LATERAL (
    SELECT
        array_agg(reason.cause ORDER BY reason."position") AS causes,
        array_agg(reason.explanation ORDER BY reason."position") AS explanations
    FROM columna.bad_case_reasons AS reason
    WHERE reason.evaluation = bad.evaluation AND reason.variant = bad.variant AND reason.rank = bad.rank
) AS reasons ON true;
COMMENT ON VIEW analytics.bad_cases IS 'The worst cases of each evaluation with the reasons, the worst first.';

CREATE VIEW analytics.model_comparison AS
SELECT
    compared.comparison,
    first.tenant,
    comparison.a AS evaluation_a,
    comparison.b AS evaluation_b,
    first.data_set AS data_set_a,
    second.data_set AS data_set_b,
    first.split AS split_a,
    second.split AS split_b,
    first.model_name || '@' || first.model_version AS model_a,
    second.model_name || '@' || second.model_version AS model_b,
    compared.metric,
    compared.class_value,
    compared.class_name,
    compared.a_n,
    compared.a_mean,
    compared.a_standard_deviation,
    compared.b_n,
    compared.b_mean,
    compared.b_standard_deviation,
    compared.pairs,
    compared.mean_difference,
    compared.effect_size,
    compared.student_t,
    compared.student_p,
    compared.student_lower,
    compared.student_upper,
    compared.welch_t,
    compared.welch_degrees_of_freedom,
    compared.welch_p,
    compared.welch_lower,
    compared.welch_upper,
    compared.paired_t,
    compared.paired_p,
    compared.paired_p_holm,
    compared.paired_lower,
    compared.paired_upper,
    compared.wilcoxon_w,
    compared.wilcoxon_p,
    compared.wilcoxon_p_holm,
    first.code_version AS code_version_a,
    second.code_version AS code_version_b,
    first.options::jsonb ->> 'emptyClasses' AS empty_class_policy
FROM columna.metric_comparisons AS compared
JOIN columna.comparisons AS comparison ON comparison.id = compared.comparison
JOIN columna.evaluations AS first ON first.id = comparison.a
JOIN columna.evaluations AS second ON second.id = comparison.b;
COMMENT ON VIEW analytics.model_comparison IS 'Two models on the same question: each metric of the first (a) minus the second (b), unpaired as papers do and paired as the cases are.';

GRANT SELECT ON analytics.case_metrics, analytics.class_confusion, analytics.class_distances, analytics.class_agreements, analytics.evaluation_cases, analytics.run_history, analytics.class_summary, analytics.bad_cases,
    analytics.model_comparison TO columna_analyst;

COMMENT ON COLUMN analytics.case_metrics.case_name IS 'Pseudonym of the case.';
COMMENT ON COLUMN analytics.case_metrics.study IS 'The study''s id, where the case came as a study; null for a data set''s case.';
COMMENT ON COLUMN analytics.case_metrics.tenant IS 'Whose case it is.';
COMMENT ON COLUMN analytics.case_metrics.model_version IS 'NAME@VERSION that made the label map; null when it came from elsewhere.';
COMMENT ON COLUMN analytics.case_metrics.class_value IS 'Voxel value of the class in spine-25: 1–7 C1–C7, 8–19 T1–T12, 20–24 L1–L5, 25 sacrum.';
COMMENT ON COLUMN analytics.case_metrics.class_name IS 'Name of the class, C1 to sacrum.';
COMMENT ON COLUMN analytics.case_metrics.presence IS 'Where the class has voxels: both, truth only, prediction only, absent.';
COMMENT ON COLUMN analytics.case_metrics.in_truth IS 'Whether the truth has a voxel of the class.';
COMMENT ON COLUMN analytics.case_metrics.in_prediction IS 'Whether the prediction has a voxel of the class.';
COMMENT ON COLUMN analytics.case_metrics.dice IS 'Dice coefficient 2TP/(2TP+FP+FN); 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.iou IS 'Intersection over union TP/(TP+FP+FN); 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.sensitivity IS 'Recall TP/(TP+FN); 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.specificity IS 'TN/(TN+FP); 0 (worst) to 1 (best); near 1 for every small class, so it says little.';
COMMENT ON COLUMN analytics.case_metrics."precision" IS 'TP/(TP+FP); 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.accuracy IS '(TP+TN)/all voxels; 0 (worst) to 1 (best); near 1 for every small class, so it says little.';
COMMENT ON COLUMN analytics.case_metrics.truth_volume_ml IS 'Volume of the class in the truth, millilitres, 0 or more.';
COMMENT ON COLUMN analytics.case_metrics.predicted_volume_ml IS 'Volume of the class in the prediction, millilitres, 0 or more.';
COMMENT ON COLUMN analytics.case_metrics.true_positives IS 'TP: voxels of the class in both maps.';
COMMENT ON COLUMN analytics.case_metrics.false_positives IS 'FP: voxels of the class in the prediction only.';
COMMENT ON COLUMN analytics.case_metrics.false_negatives IS 'FN: voxels of the class in the truth only.';
COMMENT ON COLUMN analytics.case_metrics.true_negatives IS 'TN: voxels of the class in neither map.';
COMMENT ON COLUMN analytics.case_metrics.job IS 'The job that measured; follow it in analytics.job_lineage to the bytes.';
COMMENT ON COLUMN analytics.case_metrics.evaluated_at IS 'When it was measured.';
COMMENT ON COLUMN analytics.case_metrics.variant IS 'delivered: the label map as it went out; unrepaired: as the network left it, where a repair changed it. Filter by it before averaging.';
COMMENT ON COLUMN analytics.case_metrics.auc IS 'Area under the ROC curve of one threshold, (sensitivity + specificity)/2; 0 (worst) to 1 (best), 0.5 for chance.';
COMMENT ON COLUMN analytics.case_metrics.kappa IS 'Cohen''s kappa of the class against the rest; −1 to 1 (best), 0 for chance.';
COMMENT ON COLUMN analytics.case_metrics.boundary_f1_1_5mm IS 'Boundary F1 (Csurka 2013) at 1.5 mm: 2PR/(P+R) over boundary voxels within the tolerance of the other boundary; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.boundary_f1_3mm IS 'Boundary F1 at 3 mm; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.nsd_1_5mm IS 'Normalised surface Dice (Nikolov 2018) at 1.5 mm: share of both surfaces, by area, within the tolerance of each other; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.nsd_3mm IS 'Normalised surface Dice at 3 mm; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.hausdorff IS 'Hausdorff distance between boundary voxels, the larger of both directions; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.hausdorff95 IS '95th percentile Hausdorff distance between boundary voxels, the larger of both directions; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.average_hausdorff IS 'Average Hausdorff distance, the larger of the directed means; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.rms_hausdorff IS 'Root mean square distance, the larger of both directions; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.assd IS 'Average symmetric surface distance, over the boundary voxels of both maps together; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.average_truth_to_predicted IS 'Mean distance from the truth''s boundary voxels to the prediction''s; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.average_predicted_to_truth IS 'Mean distance from the prediction''s boundary voxels to the truth''s; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.mesh_hausdorff IS 'Hausdorff distance between marching-cubes surfaces (vertices to the nearest point of the other''s triangles), the larger of both directions; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.mesh_hausdorff95 IS '95th percentile of the same; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.mesh_average_hausdorff IS 'Larger of the directed means of the same; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.mesh_rms_hausdorff IS 'Larger of the directed root mean squares of the same; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.volume_error_percent IS '(predicted − truth)/truth volume · 100; −100 or more, 0 is best; null without truth.';
COMMENT ON COLUMN analytics.case_metrics.centroid_distance IS 'Distance between the centres of mass; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.touches_border IS 'Whether the class reaches the volume''s edge in the truth, so that it may be cut.';
COMMENT ON COLUMN analytics.case_metrics.identification_rate IS 'Of the whole case: share of the truth''s classes whose predicted centroid lies within 20 mm of their own and nearest to it; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.detection_precision IS 'Of the whole case: share of predicted classes that cover a vertebra of the truth, whatever its name; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.detection_recall IS 'Of the whole case: share of the truth''s classes that some predicted class covers; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.label_shift IS 'Of the whole case: by how many vertebrae the whole spine is named off, +1 where L1 is called L2; null where it is named right and where no one shift explains it.';
COMMENT ON COLUMN analytics.case_metrics.empty_class_policy IS 'What ratios say of classes that a map lacks: undefined, monai, nnu-net or miseval; null in rows older than the policy (undefined).';
COMMENT ON COLUMN analytics.class_confusion.case_name IS 'Pseudonym of the case.';
COMMENT ON COLUMN analytics.class_confusion.tenant IS 'Whose case it is.';
COMMENT ON COLUMN analytics.class_confusion.model_version IS 'NAME@VERSION that made the label map; null when it came from elsewhere.';
COMMENT ON COLUMN analytics.class_confusion.job IS 'The job that measured.';
COMMENT ON COLUMN analytics.class_confusion.variant IS 'delivered or unrepaired, as in case_metrics.';
COMMENT ON COLUMN analytics.class_confusion.truth_value IS 'Label in the truth; 0 is background.';
COMMENT ON COLUMN analytics.class_confusion.predicted_value IS 'Label in the prediction; 0 is background.';
COMMENT ON COLUMN analytics.class_confusion.voxels IS 'How many voxels bear this pair of labels; 1 or more.';
COMMENT ON COLUMN analytics.run_history.evaluation IS 'Id of the evaluation.';
COMMENT ON COLUMN analytics.run_history.tenant IS 'Whose evaluation it is.';
COMMENT ON COLUMN analytics.run_history.data_set IS 'Data set whose cases were measured.';
COMMENT ON COLUMN analytics.run_history.snapshot IS 'SHA-256 of what the data set held.';
COMMENT ON COLUMN analytics.run_history.split IS 'Which of the data set''s cases were measured; all: every one.';
COMMENT ON COLUMN analytics.run_history.model_version IS 'NAME@VERSION that was measured.';
COMMENT ON COLUMN analytics.run_history.code_version IS 'Release and revisions of segmentation and metrics.';
COMMENT ON COLUMN analytics.run_history.options IS 'Tolerances (mm), policy for empty classes, whether meshes were measured.';
COMMENT ON COLUMN analytics.run_history.repairs IS 'Whether label maps were repaired where that is unambiguous.';
COMMENT ON COLUMN analytics.run_history.state IS 'running; complete: the cases are measured and summed up (failed counts those left out on request); incomplete: cases failed, order the evaluation again to try them anew.';
COMMENT ON COLUMN analytics.run_history.cases IS 'Cases of the split.';
COMMENT ON COLUMN analytics.run_history.measured IS 'Cases measured so far.';
COMMENT ON COLUMN analytics.run_history.failed IS 'Cases whose segmentation or measurement failed or was cancelled.';
COMMENT ON COLUMN analytics.run_history.mean_dice IS 'Mean over cases of the mean Dice of their classes in truth; 0 (worst) to 1 (best); null until complete.';
COMMENT ON COLUMN analytics.run_history.standard_deviation_of_dice IS 'Its standard deviation over cases (n − 1).';
COMMENT ON COLUMN analytics.run_history.mean_hausdorff95 IS 'The same mean of the 95th percentile Hausdorff distance; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.run_history.worker_code_versions IS 'Versions of the workers that segmented and measured the cases.';
COMMENT ON COLUMN analytics.run_history.ordered_at IS 'When it was ordered first.';
COMMENT ON COLUMN analytics.run_history.finished_at IS 'When its summary was written; null before.';
COMMENT ON COLUMN analytics.class_summary.evaluation IS 'Id of the evaluation.';
COMMENT ON COLUMN analytics.class_summary.tenant IS 'Whose evaluation it is.';
COMMENT ON COLUMN analytics.class_summary.data_set IS 'Data set whose cases were measured.';
COMMENT ON COLUMN analytics.class_summary.snapshot IS 'SHA-256 of what the data set held.';
COMMENT ON COLUMN analytics.class_summary.split IS 'Which of the data set''s cases were measured; all: every one.';
COMMENT ON COLUMN analytics.class_summary.model_version IS 'NAME@VERSION that was measured.';
COMMENT ON COLUMN analytics.class_summary.variant IS 'delivered or unrepaired, as in case_metrics.';
COMMENT ON COLUMN analytics.class_summary.metric IS 'Name of the metric: a column of analytics.case_metrics, where unit, range and definition stand.';
COMMENT ON COLUMN analytics.class_summary.class_value IS 'Class; null: over classes.';
COMMENT ON COLUMN analytics.class_summary.class_name IS 'Name of the class; null: over classes.';
COMMENT ON COLUMN analytics.class_summary.n IS 'Cases that have a value; those without are left out.';
COMMENT ON COLUMN analytics.class_summary.mean IS 'Mean over cases, in the metric''s unit.';
COMMENT ON COLUMN analytics.class_summary.standard_deviation IS 'Standard deviation (n − 1); null for one case.';
COMMENT ON COLUMN analytics.class_summary.minimum IS 'Least value.';
COMMENT ON COLUMN analytics.class_summary.lower_quartile IS 'First quartile, linear between neighbours.';
COMMENT ON COLUMN analytics.class_summary.median IS 'Median.';
COMMENT ON COLUMN analytics.class_summary.upper_quartile IS 'Third quartile.';
COMMENT ON COLUMN analytics.class_summary.maximum IS 'Greatest value.';
COMMENT ON COLUMN analytics.class_summary.t_lower IS 'Lower end of the 95 % interval of the mean by Student''s t; null for one case.';
COMMENT ON COLUMN analytics.class_summary.t_upper IS 'Upper end of the same.';
COMMENT ON COLUMN analytics.class_summary.bootstrap_lower IS 'Lower end of the 95 % interval of the mean by seeded bootstrap; null for one case.';
COMMENT ON COLUMN analytics.class_summary.bootstrap_upper IS 'Upper end of the same.';
COMMENT ON COLUMN analytics.bad_cases.evaluation IS 'Id of the evaluation.';
COMMENT ON COLUMN analytics.bad_cases.tenant IS 'Whose evaluation it is.';
COMMENT ON COLUMN analytics.bad_cases.data_set IS 'Data set whose cases were measured.';
COMMENT ON COLUMN analytics.bad_cases.split IS 'Which of the data set''s cases were measured; all: every one.';
COMMENT ON COLUMN analytics.bad_cases.model_version IS 'NAME@VERSION that was measured.';
COMMENT ON COLUMN analytics.bad_cases.variant IS 'delivered or unrepaired, as in case_metrics.';
COMMENT ON COLUMN analytics.bad_cases.rank IS '1 is the worst case.';
COMMENT ON COLUMN analytics.bad_cases.case_name IS 'Pseudonym of the case.';
COMMENT ON COLUMN analytics.bad_cases.mean_dice IS 'Mean Dice of the classes in truth; 0 (worst) to 1 (best); null without truth.';
COMMENT ON COLUMN analytics.bad_cases.worst_class IS 'Class that lost most Dice; slivers at the edge of the volume count by their size.';
COMMENT ON COLUMN analytics.bad_cases.causes IS 'Kinds of reasons, the weightiest first: missed, shifted-label, leakage, truncated-field-of-view, spurious, inaccurate-border.';
COMMENT ON COLUMN analytics.bad_cases.explanations IS 'The same reasons as sentences with figures.';
COMMENT ON COLUMN analytics.bad_cases.job IS 'The job that measured the case.';
COMMENT ON COLUMN analytics.bad_cases.segmentation_job IS 'The job that segmented it.';
COMMENT ON COLUMN analytics.model_comparison.comparison IS 'Id of the comparison.';
COMMENT ON COLUMN analytics.model_comparison.tenant IS 'Whose evaluations they are.';
COMMENT ON COLUMN analytics.model_comparison.evaluation_a IS 'First evaluation.';
COMMENT ON COLUMN analytics.model_comparison.evaluation_b IS 'Second evaluation.';
COMMENT ON COLUMN analytics.model_comparison.data_set_a IS 'Data set of the first.';
COMMENT ON COLUMN analytics.model_comparison.data_set_b IS 'Data set of the second.';
COMMENT ON COLUMN analytics.model_comparison.split_a IS 'Split of the first.';
COMMENT ON COLUMN analytics.model_comparison.split_b IS 'Split of the second.';
COMMENT ON COLUMN analytics.model_comparison.model_a IS 'NAME@VERSION of the first.';
COMMENT ON COLUMN analytics.model_comparison.model_b IS 'NAME@VERSION of the second.';
COMMENT ON COLUMN analytics.model_comparison.metric IS 'Name of the metric: a column of analytics.case_metrics.';
COMMENT ON COLUMN analytics.model_comparison.class_value IS 'Class; null: over classes.';
COMMENT ON COLUMN analytics.model_comparison.class_name IS 'Name of the class; null: over classes.';
COMMENT ON COLUMN analytics.model_comparison.a_n IS 'Cases of the first that have a value.';
COMMENT ON COLUMN analytics.model_comparison.a_mean IS 'Mean of the first.';
COMMENT ON COLUMN analytics.model_comparison.a_standard_deviation IS 'Standard deviation of the first (n − 1).';
COMMENT ON COLUMN analytics.model_comparison.b_n IS 'Cases of the second that have a value.';
COMMENT ON COLUMN analytics.model_comparison.b_mean IS 'Mean of the second.';
COMMENT ON COLUMN analytics.model_comparison.b_standard_deviation IS 'Standard deviation of the second (n − 1).';
COMMENT ON COLUMN analytics.model_comparison.pairs IS 'Cases that both have a value for.';
COMMENT ON COLUMN analytics.model_comparison.mean_difference IS 'Mean of a − b over the pairs, in the metric''s unit.';
COMMENT ON COLUMN analytics.model_comparison.effect_size IS 'Cohen''s d of the pairs: mean of the differences over their standard deviation; no bounds, 0 for none.';
COMMENT ON COLUMN analytics.model_comparison.student_t IS 'Unpaired Student''s t (pooled variance), degrees of freedom a_n + b_n − 2.';
COMMENT ON COLUMN analytics.model_comparison.student_p IS 'Its two-sided p value, 0 to 1.';
COMMENT ON COLUMN analytics.model_comparison.student_lower IS 'Lower end of the 95 % interval of the difference of means.';
COMMENT ON COLUMN analytics.model_comparison.student_upper IS 'Upper end of the same.';
COMMENT ON COLUMN analytics.model_comparison.welch_t IS 'Welch''s t.';
COMMENT ON COLUMN analytics.model_comparison.welch_degrees_of_freedom IS 'Welch''s degrees of freedom.';
COMMENT ON COLUMN analytics.model_comparison.welch_p IS 'Its two-sided p value, 0 to 1.';
COMMENT ON COLUMN analytics.model_comparison.welch_lower IS 'Lower end of the 95 % interval of the difference of means.';
COMMENT ON COLUMN analytics.model_comparison.welch_upper IS 'Upper end of the same.';
COMMENT ON COLUMN analytics.model_comparison.paired_t IS 't of the paired test, degrees of freedom pairs − 1.';
COMMENT ON COLUMN analytics.model_comparison.paired_p IS 'Its two-sided p value, 0 to 1.';
COMMENT ON COLUMN analytics.model_comparison.paired_p_holm IS 'The same adjusted by Holm over the classes of the metric; null over classes.';
COMMENT ON COLUMN analytics.model_comparison.paired_lower IS 'Lower end of the 95 % interval of the mean difference of the pairs.';
COMMENT ON COLUMN analytics.model_comparison.paired_upper IS 'Upper end of the same.';
COMMENT ON COLUMN analytics.model_comparison.wilcoxon_w IS 'Wilcoxon''s signed-rank sum of the positive differences.';
COMMENT ON COLUMN analytics.model_comparison.wilcoxon_p IS 'Its two-sided p value, 0 to 1.';
COMMENT ON COLUMN analytics.model_comparison.wilcoxon_p_holm IS 'The same adjusted by Holm over the classes of the metric; null over classes.';
COMMENT ON COLUMN analytics.class_distances.case_name IS 'Pseudonym of the case.';
COMMENT ON COLUMN analytics.class_distances.tenant IS 'Whose case it is.';
COMMENT ON COLUMN analytics.class_distances.model_version IS 'NAME@VERSION that made the label map; null when it came from elsewhere.';
COMMENT ON COLUMN analytics.class_distances.job IS 'The job that measured.';
COMMENT ON COLUMN analytics.class_distances.variant IS 'delivered or unrepaired, as in case_metrics.';
COMMENT ON COLUMN analytics.class_distances.class_value IS 'Voxel value of the class in spine-25.';
COMMENT ON COLUMN analytics.class_distances.surface IS 'voxel: centres of boundary voxels; mesh: vertices and triangles of marching cubes.';
COMMENT ON COLUMN analytics.class_distances.direction IS 'truth-to-predicted or predicted-to-truth.';
COMMENT ON COLUMN analytics.class_distances.maximum IS 'Largest distance; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.class_distances.percentile95 IS '95th percentile, linear between neighbours; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.class_distances.mean IS 'Mean; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.class_distances.root_mean_square IS 'Root mean square; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.class_distances.points IS 'How many points were measured from; 1 or more.';
COMMENT ON COLUMN analytics.class_agreements.case_name IS 'Pseudonym of the case.';
COMMENT ON COLUMN analytics.class_agreements.tenant IS 'Whose case it is.';
COMMENT ON COLUMN analytics.class_agreements.model_version IS 'NAME@VERSION that made the label map; null when it came from elsewhere.';
COMMENT ON COLUMN analytics.class_agreements.job IS 'The job that measured.';
COMMENT ON COLUMN analytics.class_agreements.variant IS 'delivered or unrepaired, as in case_metrics.';
COMMENT ON COLUMN analytics.class_agreements.class_value IS 'Voxel value of the class in spine-25.';
COMMENT ON COLUMN analytics.class_agreements.tolerance_mm IS 'Distance within which surfaces count as the same; mm, 0 or more.';
COMMENT ON COLUMN analytics.class_agreements.boundary_f1 IS 'Boundary F1 (Csurka 2013); 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.class_agreements.normalized_surface_dice IS 'Normalised surface Dice (Nikolov 2018), weighted by area; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.evaluation_cases.evaluation IS 'Id of the evaluation.';
COMMENT ON COLUMN analytics.evaluation_cases.tenant IS 'Whose evaluation it is.';
COMMENT ON COLUMN analytics.evaluation_cases.data_set IS 'Data set whose cases were measured.';
COMMENT ON COLUMN analytics.evaluation_cases.snapshot IS 'SHA-256 of what the data set held.';
COMMENT ON COLUMN analytics.evaluation_cases.split IS 'Which of the data set''s cases were measured; all: every one.';
COMMENT ON COLUMN analytics.evaluation_cases.model_version IS 'NAME@VERSION that was measured.';
COMMENT ON COLUMN analytics.evaluation_cases.case_name IS 'Pseudonym of the case.';
COMMENT ON COLUMN analytics.evaluation_cases.case_split IS 'Split the case was in.';
COMMENT ON COLUMN analytics.evaluation_cases.volume IS 'Address of the CT''s bytes.';
COMMENT ON COLUMN analytics.evaluation_cases.truth IS 'Address of the truth''s bytes.';
COMMENT ON COLUMN analytics.evaluation_cases.segmentation_job IS 'The job that segments the case.';
COMMENT ON COLUMN analytics.evaluation_cases.job IS 'The job that measures it: that of case_metrics, class_distances, class_agreements and class_confusion.';
COMMENT ON COLUMN analytics.evaluation_cases.state IS 'State of that job.';
COMMENT ON COLUMN analytics.evaluation_cases.failure_reason IS 'Why the case could not be measured; null where it was or still may be.';
COMMENT ON COLUMN analytics.run_history.identification_rate IS 'Mean over cases of the identification rate; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.run_history.detection_precision IS 'Mean over cases of the detection precision; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.run_history.detection_recall IS 'Mean over cases of the detection recall; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.run_history.shifted_cases IS 'Cases whose whole spine is named off by a number of vertebrae.';
COMMENT ON COLUMN analytics.run_history.accuracy IS 'Mean over cases of the share of voxels with the right label, background included; 0 to 1 (best).';
COMMENT ON COLUMN analytics.run_history.kappa IS 'Mean over cases of Cohen''s kappa over all labels; −1 to 1 (best).';
COMMENT ON COLUMN analytics.class_summary.code_version IS 'Release and revisions of segmentation and metrics.';
COMMENT ON COLUMN analytics.class_summary.empty_class_policy IS 'What ratios say of classes that a map lacks: undefined, monai, nnu-net or miseval.';
COMMENT ON COLUMN analytics.model_comparison.code_version_a IS 'Release and revisions of segmentation and metrics of the first.';
COMMENT ON COLUMN analytics.model_comparison.code_version_b IS 'The same of the second.';
COMMENT ON COLUMN analytics.model_comparison.empty_class_policy IS 'What ratios say of classes that a map lacks, in both: undefined, monai, nnu-net or miseval.';
