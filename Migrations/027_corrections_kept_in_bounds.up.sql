-- What a policy of corrections may do: whether the versions that it promotes may serve every tenant, and which cases judge them. And corrections that
-- were withdrawn.
ALTER TABLE columna.correction_policies
    ADD COLUMN for_all_tenants boolean NOT NULL DEFAULT false,
    ADD COLUMN judges json;
COMMENT ON COLUMN columna.correction_policies.for_all_tenants IS 'Whether a version that this tenant''s cases judged may be promoted where others have studies of the model.';
COMMENT ON COLUMN columna.correction_policies.judges IS 'The cases of the split when it was set, by name, each with the addresses of its CT and truth. Null: set before they were kept, any judge.';
ALTER TABLE columna.correction_rounds
    ADD COLUMN for_all_tenants boolean NOT NULL DEFAULT false,
    ADD COLUMN judges json;
COMMENT ON COLUMN columna.correction_rounds.for_all_tenants IS 'As the policy said when it began.';
COMMENT ON COLUMN columna.correction_rounds.judges IS 'Likewise.';

-- Which tenants have studies of a model is asked before every round and promotion: hopped along, it costs the same however many jobs there are.
CREATE INDEX jobs_segmentations_of_model ON columna.jobs (split_part(parameters #>> '{order,model}', '@', 1), tenant)
    WHERE kind = 'segment-volume' AND study IS NOT NULL;

-- The rows of corrections do not change, so that one was withdrawn stands beside them.
CREATE TABLE columna.correction_withdrawals (
    correction uuid PRIMARY KEY REFERENCES columna.corrections (job),
    actor text NOT NULL,
    withdrawn_at timestamptz NOT NULL
);
COMMENT ON TABLE columna.correction_withdrawals IS 'Corrections that were accepted and turned out wrong: no data set is made with them any more. Those that were stay as they are.';
