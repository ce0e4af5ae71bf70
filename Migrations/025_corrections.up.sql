-- Label maps that people corrected: what they submitted, what models learned from it, and when that begins by itself.
CREATE TABLE columna.corrections (
    job uuid PRIMARY KEY REFERENCES columna.jobs (id),
    tenant text NOT NULL,
    study uuid NOT NULL,
    author text,
    submitted_at timestamptz NOT NULL,
    volume text REFERENCES columna.artifacts (address),
    labels text REFERENCES columna.artifacts (address),
    parent text REFERENCES columna.artifacts (address),
    parent_model text,
    voxels bigint,
    changed_voxels bigint,
    changed_classes integer[],
    accepted_at timestamptz,
    CONSTRAINT corrections_whole_when_accepted CHECK (
        num_nulls(volume, labels, parent, voxels, changed_voxels, changed_classes, accepted_at) IN (0, 7)),
    CONSTRAINT corrections_change_something CHECK (voxels > 0 AND changed_voxels > 0),
    CONSTRAINT corrections_authors_are_names CHECK (length(author) BETWEEN 1 AND 200)
);
COMMENT ON TABLE columna.corrections IS 'Label maps that were submitted for a study in place of the one it had. All are kept; of one volume the newest is learned from.';
COMMENT ON COLUMN columna.corrections.job IS 'The job that read it, which is its name.';
COMMENT ON COLUMN columna.corrections.study IS 'The study as its sender named it (no foreign key: there may be none, which the job says).';
COMMENT ON COLUMN columna.corrections.author IS 'A person''s name. It stands here and nowhere else: in no view, log, metric or event.';
COMMENT ON COLUMN columna.corrections.volume IS 'The CT. Null in this and what follows: not read yet, or not accepted.';
COMMENT ON COLUMN columna.corrections.labels IS 'The corrected label map, on the CT''s own grid.';
COMMENT ON COLUMN columna.corrections.parent IS 'The label map that was corrected.';
COMMENT ON COLUMN columna.corrections.parent_model IS 'NAME@VERSION that made it, or made what it was corrected from; null: it was a ground truth.';
COMMENT ON COLUMN columna.corrections.voxels IS 'With a label.';
COMMENT ON COLUMN columna.corrections.changed_voxels IS 'Whose label is another than in the parent.';
COMMENT ON COLUMN columna.corrections.changed_classes IS 'Labels that lost or gained voxels, without background.';
CREATE INDEX corrections_of_study ON columna.corrections (study);
CREATE INDEX corrections_by_time ON columna.corrections (tenant, submitted_at DESC);

-- A row that was accepted is not changed any more.
CREATE FUNCTION columna.keep_accepted_corrections() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'correction % was accepted and does not change any more', OLD.job USING ERRCODE = 'object_not_in_prerequisite_state';
END
$$;
CREATE TRIGGER corrections_stay BEFORE UPDATE OR DELETE ON columna.corrections
    FOR EACH ROW WHEN (OLD.accepted_at IS NOT NULL) EXECUTE FUNCTION columna.keep_accepted_corrections();

CREATE TABLE columna.correction_uses (
    tenant text NOT NULL,
    data_set text NOT NULL,
    correction uuid NOT NULL REFERENCES columna.corrections (job),
    is_held_out boolean NOT NULL,
    PRIMARY KEY (tenant, data_set, correction)
);
COMMENT ON TABLE columna.correction_uses IS 'Which corrections a data set was made with: of each volume the newest at that time.';
COMMENT ON COLUMN columna.correction_uses.is_held_out IS 'Its study is a case that models are judged on: that case stays as it was, and the correction is not learned from.';
CREATE INDEX correction_uses_of_correction ON columna.correction_uses (correction);

CREATE TABLE columna.correction_policies (
    tenant text NOT NULL,
    model text NOT NULL,
    data_set text NOT NULL,
    split text NOT NULL,
    after_corrections integer NOT NULL,
    recipe json NOT NULL,
    actor text NOT NULL,
    set_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, model),
    CONSTRAINT correction_policies_wait_for_some CHECK (after_corrections > 0),
    CONSTRAINT correction_policies_hold_cases_out CHECK (split NOT IN ('train', 'val'))
);
COMMENT ON TABLE columna.correction_policies IS 'After how many corrections a model is fine-tuned by itself. Whoever begins a round locks the row.';
COMMENT ON COLUMN columna.correction_policies.data_set IS 'Whose cases are learned from beside the corrected ones.';
COMMENT ON COLUMN columna.correction_policies.split IS 'Of its cases, those that decide whether the new version is promoted.';

CREATE TABLE columna.correction_rounds (
    tenant text NOT NULL,
    model text NOT NULL,
    round integer NOT NULL,
    data_set text NOT NULL,
    base text NOT NULL,
    split text NOT NULL,
    begins_with text NOT NULL,
    recipe json NOT NULL,
    job uuid NOT NULL UNIQUE REFERENCES columna.jobs (id),
    opened_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, model, round),
    CONSTRAINT correction_rounds_count_from_one CHECK (round > 0)
);
COMMENT ON TABLE columna.correction_rounds IS 'A fine-tuning that corrections began: its data set, training and gate.';
COMMENT ON COLUMN columna.correction_rounds.data_set IS 'Made for it: the cases of base with the corrected ones.';
COMMENT ON COLUMN columna.correction_rounds.begins_with IS 'NAME@VERSION that was promoted when it began.';
COMMENT ON COLUMN columna.correction_rounds.job IS 'The job that began it, and no other round.';

CREATE TABLE columna.correction_round_members (
    correction uuid PRIMARY KEY REFERENCES columna.corrections (job),
    tenant text NOT NULL,
    model text NOT NULL,
    round integer NOT NULL,
    FOREIGN KEY (tenant, model, round) REFERENCES columna.correction_rounds (tenant, model, round)
);
COMMENT ON TABLE columna.correction_round_members IS 'The corrections that were new when a round began; each counts once.';
CREATE INDEX correction_round_members_of_round ON columna.correction_round_members (tenant, model, round);

-- A gate that a job decided is decided once, however often the job is tried.
ALTER TABLE columna.model_gates ADD COLUMN job uuid UNIQUE REFERENCES columna.jobs (id);
COMMENT ON COLUMN columna.model_gates.job IS 'The job that decided; null: somebody asked.';
