-- replaces: 66e5f4511fa84e50
-- What can be said of a segmentation without a ground truth: which classes it shows, what is remarkable about them, whether somebody should
-- look, and what post-processing mended. One set of rows per job that segments.
CREATE TABLE columna.segmentation_judgements (
    job uuid PRIMARY KEY REFERENCES columna.jobs (id),
    study uuid REFERENCES columna.studies (id),
    model_version text,
    needs_review boolean NOT NULL,
    reasons text[] NOT NULL,
    repair_requested boolean NOT NULL,
    judged_at timestamptz NOT NULL,
    CONSTRAINT segmentation_judgements_review_has_reasons CHECK (needs_review = (cardinality(reasons) > 0))
);
COMMENT ON TABLE columna.segmentation_judgements IS 'One judged label map: the one that was handed on, after repair if there was one.';
COMMENT ON COLUMN columna.segmentation_judgements.job IS 'The job that segmented.';
COMMENT ON COLUMN columna.segmentation_judgements.study IS 'The study it belongs to; null outside any.';
COMMENT ON COLUMN columna.segmentation_judgements.model_version IS 'NAME@VERSION of the model; null when it has no name.';
COMMENT ON COLUMN columna.segmentation_judgements.needs_review IS 'Whether a finding has the severity review.';
COMMENT ON COLUMN columna.segmentation_judgements.reasons IS 'The sentences of those findings, in their order; empty if there are none.';
COMMENT ON COLUMN columna.segmentation_judgements.repair_requested IS 'Whether repair was asked for; what it did is in segmentation_repairs.';
COMMENT ON COLUMN columna.segmentation_judgements.judged_at IS 'When the job ended.';
CREATE INDEX segmentation_judgements_of_study ON columna.segmentation_judgements (study) WHERE study IS NOT NULL;
CREATE INDEX segmentation_judgements_to_review ON columna.segmentation_judgements (judged_at) WHERE needs_review;

CREATE TABLE columna.segmentation_classes (
    job uuid NOT NULL REFERENCES columna.segmentation_judgements (job),
    class_value integer NOT NULL,
    class_name text NOT NULL,
    voxels bigint NOT NULL,
    volume_ml double precision NOT NULL,
    centroid_x_mm double precision NOT NULL,
    centroid_y_mm double precision NOT NULL,
    centroid_z_mm double precision NOT NULL,
    component_count integer NOT NULL,
    largest_share double precision NOT NULL,
    is_cut boolean NOT NULL,
    mean_confidence double precision,
    mean_entropy double precision,
    PRIMARY KEY (job, class_value),
    CONSTRAINT segmentation_classes_have_voxels CHECK (voxels > 0 AND component_count > 0),
    CONSTRAINT segmentation_classes_shares CHECK (
        largest_share > 0 AND largest_share <= 1 AND mean_confidence BETWEEN 0 AND 1 AND mean_entropy BETWEEN 0 AND 1)
);
COMMENT ON TABLE columna.segmentation_classes IS 'One class with voxels in a judged label map.';
COMMENT ON COLUMN columna.segmentation_classes.job IS 'The job that segmented.';
COMMENT ON COLUMN columna.segmentation_classes.class_value IS 'Voxel value: 1 to 7 C1 to C7, 8 to 19 T1 to T12, 20 to 24 L1 to L5, 25 sacrum.';
COMMENT ON COLUMN columna.segmentation_classes.class_name IS 'Its name: C1 to L5, sacrum.';
COMMENT ON COLUMN columna.segmentation_classes.voxels IS 'Voxels on the CT''s own grid, at least 1.';
COMMENT ON COLUMN columna.segmentation_classes.volume_ml IS 'Their volume in millilitres.';
COMMENT ON COLUMN columna.segmentation_classes.centroid_x_mm IS 'Centroid of the largest component, millimetres towards the right in the coordinates of the NIfTI file (RAS+).';
COMMENT ON COLUMN columna.segmentation_classes.centroid_y_mm IS 'The same towards the front.';
COMMENT ON COLUMN columna.segmentation_classes.centroid_z_mm IS 'The same towards the head.';
COMMENT ON COLUMN columna.segmentation_classes.component_count IS 'Connected components (voxels that meet by face, edge or corner), at least 1.';
COMMENT ON COLUMN columna.segmentation_classes.largest_share IS 'The largest component''s part of the voxels, above 0 to 1.';
COMMENT ON COLUMN columna.segmentation_classes.is_cut IS 'Whether the largest component reaches the edge of the field of view.';
COMMENT ON COLUMN columna.segmentation_classes.mean_confidence IS 'Mean softmax probability of the class where it won on the network''s grid, 0 to 1; null where it won nowhere.';
COMMENT ON COLUMN columna.segmentation_classes.mean_entropy IS 'Mean softmax entropy there, over ln of the number of classes: 0 certain, 1 no idea, 0.21 a coin toss between two of 26; null where it won nowhere.';

CREATE TABLE columna.segmentation_findings (
    job uuid NOT NULL REFERENCES columna.segmentation_judgements (job),
    position integer NOT NULL,
    kind text NOT NULL,
    severity text NOT NULL,
    class_values integer[] NOT NULL,
    sentence text NOT NULL,
    PRIMARY KEY (job, position),
    CONSTRAINT segmentation_findings_severity_known CHECK (severity IN ('information', 'review'))
);
COMMENT ON TABLE columna.segmentation_findings IS 'What is remarkable about a judged label map.';
COMMENT ON COLUMN columna.segmentation_findings.job IS 'The job that segmented.';
COMMENT ON COLUMN columna.segmentation_findings.position IS 'Its place among the job''s findings, from 1.';
COMMENT ON COLUMN columna.segmentation_findings.kind IS 'nothing-found, value-unknown, order-violated, level-missing, spacing-implausible, label-duplicated, volume-implausible, fragmented, uncertain, cut-by-field-of-view.';
COMMENT ON COLUMN columna.segmentation_findings.severity IS 'information: worth knowing; review: somebody should look.';
COMMENT ON COLUMN columna.segmentation_findings.class_values IS 'The classes it concerns, from the head down; empty if none.';
COMMENT ON COLUMN columna.segmentation_findings.sentence IS 'One sentence with figures, without patient data.';

CREATE TABLE columna.segmentation_repairs (
    job uuid NOT NULL REFERENCES columna.segmentation_judgements (job),
    position integer NOT NULL,
    kind text NOT NULL,
    class_values integer[] NOT NULL,
    voxels bigint NOT NULL,
    sentence text NOT NULL,
    PRIMARY KEY (job, position),
    CONSTRAINT segmentation_repairs_change_voxels CHECK (voxels > 0)
);
COMMENT ON TABLE columna.segmentation_repairs IS 'What post-processing mended before a label map was handed on; the one before is the job''s output unrepaired-label-map.';
COMMENT ON COLUMN columna.segmentation_repairs.job IS 'The job that segmented.';
COMMENT ON COLUMN columna.segmentation_repairs.position IS 'Its place among the job''s steps, from 1: the order in which they were taken.';
COMMENT ON COLUMN columna.segmentation_repairs.kind IS 'fragments-removed, fragments-relabelled, neighbours-swapped.';
COMMENT ON COLUMN columna.segmentation_repairs.class_values IS 'The class that lost voxels, then the one that got them; only the first where they became background.';
COMMENT ON COLUMN columna.segmentation_repairs.voxels IS 'How many voxels changed their value, at least 1.';
COMMENT ON COLUMN columna.segmentation_repairs.sentence IS 'One sentence with figures, without patient data.';
