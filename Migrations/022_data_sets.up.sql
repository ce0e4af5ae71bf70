-- How a data set came to be, and whether it can be learned from: which cases were ordered and what became of them, what its labels look like to an
-- anatomist, and the folds it is trained in.
CREATE TABLE columna.case_imports (
    tenant text NOT NULL,
    data_set text NOT NULL,
    case_name text NOT NULL,
    study uuid REFERENCES columna.studies (id),
    refusal text,
    source_digest text NOT NULL,
    ordered_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, data_set, case_name),
    CONSTRAINT case_imports_submitted_or_refused CHECK (num_nulls(study, refusal) = 1),
    CONSTRAINT case_imports_source_is_sha256 CHECK (source_digest ~ '^[0-9a-f]{64}$')
);
COMMENT ON TABLE columna.case_imports IS 'The last order to import a case; the case itself is in data_set_cases once its study succeeded.';
COMMENT ON COLUMN columna.case_imports.case_name IS 'Pseudonym, unique in the data set.';
COMMENT ON COLUMN columna.case_imports.study IS 'The study that imports it; null where it was not submitted.';
COMMENT ON COLUMN columna.case_imports.refusal IS 'Why it was not submitted: a file that is not there, a case that is known to be broken; null where it was.';
COMMENT ON COLUMN columna.case_imports.source_digest IS 'SHA-256 over its files'' places, sizes and times and how they are to be read: an equal order is the same one.';
CREATE INDEX case_imports_of_study ON columna.case_imports (study) WHERE study IS NOT NULL;

CREATE TABLE columna.label_checks (
    study uuid PRIMARY KEY REFERENCES columna.studies (id),
    job uuid NOT NULL REFERENCES columna.jobs (id),
    needs_review boolean NOT NULL,
    decisions text[] NOT NULL,
    checked_at timestamptz NOT NULL
);
COMMENT ON TABLE columna.label_checks IS 'Whether the ground truth of an imported case can be a spine.';
COMMENT ON COLUMN columna.label_checks.job IS 'The job that read the labels.';
COMMENT ON COLUMN columna.label_checks.needs_review IS 'Whether a finding has the severity review.';
COMMENT ON COLUMN columna.label_checks.decisions IS 'What was decided in reading the labels, a sentence each: bones that the label set does not have, masks that overlap.';

CREATE TABLE columna.label_check_classes (
    study uuid NOT NULL REFERENCES columna.label_checks (study),
    class_value integer NOT NULL,
    class_name text NOT NULL,
    voxels bigint NOT NULL,
    volume_ml double precision NOT NULL,
    component_count integer NOT NULL,
    is_cut boolean NOT NULL,
    PRIMARY KEY (study, class_value),
    CONSTRAINT label_check_classes_have_voxels CHECK (voxels > 0 AND component_count > 0)
);
COMMENT ON TABLE columna.label_check_classes IS 'One class with voxels in a ground truth.';
COMMENT ON COLUMN columna.label_check_classes.class_value IS 'Voxel value: 1 to 7 C1 to C7, 8 to 19 T1 to T12, 20 to 24 L1 to L5, 25 sacrum.';
COMMENT ON COLUMN columna.label_check_classes.class_name IS 'Its name: C1 to L5, sacrum.';
COMMENT ON COLUMN columna.label_check_classes.voxels IS 'Voxels on the CT''s own grid, at least 1.';
COMMENT ON COLUMN columna.label_check_classes.volume_ml IS 'Their volume in millilitres.';
COMMENT ON COLUMN columna.label_check_classes.component_count IS 'Connected components (voxels that meet by face, edge or corner), at least 1.';
COMMENT ON COLUMN columna.label_check_classes.is_cut IS 'Whether the largest component reaches the edge of the field of view.';

CREATE TABLE columna.label_check_findings (
    study uuid NOT NULL REFERENCES columna.label_checks (study),
    position integer NOT NULL,
    kind text NOT NULL,
    severity text NOT NULL,
    class_values integer[] NOT NULL,
    sentence text NOT NULL,
    PRIMARY KEY (study, position),
    CONSTRAINT label_check_findings_severity_known CHECK (severity IN ('information', 'review'))
);
COMMENT ON TABLE columna.label_check_findings IS 'What is remarkable about a ground truth.';
COMMENT ON COLUMN columna.label_check_findings.position IS 'Its place among the study''s findings, from 1.';
COMMENT ON COLUMN columna.label_check_findings.kind IS 'As in segmentation_findings.';
COMMENT ON COLUMN columna.label_check_findings.severity IS 'information: worth knowing; review: somebody should look.';
COMMENT ON COLUMN columna.label_check_findings.class_values IS 'The classes it concerns, from the head down; empty if none.';
COMMENT ON COLUMN columna.label_check_findings.sentence IS 'One sentence with figures, without patient data.';

CREATE TABLE columna.data_set_folds (
    tenant text NOT NULL,
    data_set text NOT NULL,
    fold integer NOT NULL,
    case_name text NOT NULL,
    is_validation boolean NOT NULL,
    PRIMARY KEY (tenant, data_set, fold, case_name),
    CONSTRAINT data_set_folds_count_from_zero CHECK (fold >= 0)
);
COMMENT ON TABLE columna.data_set_folds IS 'Which cases each fold of a data set trains on and which it validates on: what nnU-Net keeps in splits_final.json.';
COMMENT ON COLUMN columna.data_set_folds.fold IS 'From 0.';
COMMENT ON COLUMN columna.data_set_folds.case_name IS 'Pseudonym; a case that has gone from the data set since keeps its place.';
COMMENT ON COLUMN columna.data_set_folds.is_validation IS 'True: the fold is validated on it; false: it learns from it.';
