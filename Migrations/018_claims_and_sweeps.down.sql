DROP TABLE columna.sweeps;
DROP INDEX columna.jobs_waiting_since;
CREATE INDEX jobs_claimable ON columna.jobs (stage, claim_order, id) WHERE state = 'queued';
DROP INDEX columna.jobs_in_lanes;
