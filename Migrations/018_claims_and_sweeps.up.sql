-- Claims and sweeps that cost the same however deep the queue is and however many jobs have ended.
--
-- A claim goes from lane to lane: the queued jobs of one kind of one tenant, in the order in which they are taken. It touches the head of each,
-- so that neither a tenant at its cap nor a kind that the worker does not know makes it wade through what it may not take. Sweeps find their
-- jobs by partial indexes over unfinished ones. The index in the order of the stage goes: a claim led by it would wade again.
CREATE INDEX jobs_in_lanes ON columna.jobs (stage, kind, tenant, claim_order, id) WHERE state = 'queued';
DROP INDEX columna.jobs_claimable;
CREATE INDEX jobs_waiting_since ON columna.jobs (kind, changed_at) WHERE state = 'waiting';

CREATE TABLE columna.sweeps (
    name text PRIMARY KEY,
    next_at timestamptz NOT NULL
);
COMMENT ON TABLE columna.sweeps IS 'When a sweep is due next: whoever moves the time on does it, once a period for all workers.';
COMMENT ON COLUMN columna.sweeps.name IS 'What is swept: jobs.';
INSERT INTO columna.sweeps (name, next_at) VALUES ('jobs', '-infinity');
