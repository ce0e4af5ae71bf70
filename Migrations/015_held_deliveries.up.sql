-- replaces: 4ecb73b12b39cc2f
-- What may reach an archive. A model's name means its promoted version and nothing else. Databases in which names were relied on without a promotion
-- (they meant the newest version) get none promoted here: nobody but an operator can say that a version may serve patients. Such names are refused
-- with the command to run, `columna migrate` lists them, and versions that are named in full work as before.
COMMENT ON COLUMN columna.models.promoted_version IS 'What the name alone means; null: the name alone means nothing, whatever versions there are.';

CREATE TABLE columna.held_deliveries (
    job uuid PRIMARY KEY REFERENCES columna.jobs (id),
    destination text NOT NULL,
    model_version text NOT NULL,
    cause text NOT NULL,
    reasons text[] NOT NULL,
    held_at timestamptz NOT NULL,
    decision text,
    decided_by text,
    decided_at timestamptz,
    release_job uuid REFERENCES columna.jobs (id),
    CONSTRAINT held_deliveries_cause_is_known CHECK (cause IN ('needs-review', 'model-not-promoted')),
    CONSTRAINT held_deliveries_decision_is_known CHECK (decision IN ('released', 'discarded')),
    CONSTRAINT held_deliveries_decision_is_whole CHECK (num_nulls(decision, decided_by, decided_at) IN (0, 3)),
    CONSTRAINT held_deliveries_release_has_a_job CHECK ((decision IS NOT DISTINCT FROM 'released') = (release_job IS NOT NULL))
);
CREATE INDEX held_deliveries_waiting ON columna.held_deliveries (held_at DESC) WHERE decision IS NULL;
COMMENT ON TABLE columna.held_deliveries IS 'Results that were not sent to an archive and wait for an operator.';
