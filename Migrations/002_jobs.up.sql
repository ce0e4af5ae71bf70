-- Jobs, their parents and their attempts. The database itself refuses a transition that docs/job-states.md does not draw,
-- and a state whose lease, times or failure do not fit it: a bug in a worker becomes an error, not a lost job.
CREATE TYPE columna.job_state AS ENUM ('waiting', 'queued', 'running', 'succeeded', 'dead', 'cancelled');
CREATE TYPE columna.stage AS ENUM ('ingestion', 'preprocessing', 'training', 'inference', 'evaluation');
CREATE TYPE columna.priority AS ENUM ('urgent', 'routine', 'bulk');
CREATE TYPE columna.failure_class AS ENUM ('transient', 'resource', 'data', 'defect', 'crash');

CREATE SEQUENCE columna.fencing_tokens;
COMMENT ON SEQUENCE columna.fencing_tokens IS 'Every claim takes the next number; a write that names an older one changes nothing.';

CREATE TABLE columna.jobs (
    id uuid PRIMARY KEY,
    study uuid REFERENCES columna.studies (id),
    token bigint,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    queued_at timestamptz,
    claim_order timestamptz,
    rung_at timestamptz,
    run_at timestamptz,
    started_at timestamptz,
    lease_until timestamptz,
    progressed_at timestamptz,
    finished_at timestamptz,
    progress double precision NOT NULL DEFAULT 0,
    best_progress double precision NOT NULL DEFAULT 0,
    state columna.job_state NOT NULL,
    stage columna.stage NOT NULL,
    priority columna.priority NOT NULL,
    failure_class columna.failure_class,
    attempt integer NOT NULL DEFAULT 0,
    crashes integer NOT NULL DEFAULT 0,
    transient_failures integer NOT NULL DEFAULT 0,
    resource_failures integer NOT NULL DEFAULT 0,
    defect_failures integer NOT NULL DEFAULT 0,
    is_paused boolean NOT NULL DEFAULT false,
    cancellation_requested boolean NOT NULL DEFAULT false,
    progressed boolean NOT NULL DEFAULT false,
    kind text NOT NULL,
    tenant text NOT NULL,
    deduplication_key text,
    worker text,
    progress_note text NOT NULL DEFAULT '',
    failure_code text,
    failure_reason text,
    parameters json NOT NULL,
    CONSTRAINT jobs_leased_exactly_while_running CHECK (
        CASE WHEN state = 'running'
        THEN worker IS NOT NULL AND token IS NOT NULL AND lease_until IS NOT NULL AND started_at IS NOT NULL
        ELSE worker IS NULL AND token IS NULL AND lease_until IS NULL
        END),
    CONSTRAINT jobs_ordered_while_claimable CHECK (
        state NOT IN ('queued', 'running') OR (queued_at IS NOT NULL AND claim_order IS NOT NULL AND rung_at IS NOT NULL)),
    CONSTRAINT jobs_finished_exactly_when_ended CHECK (
        (state IN ('succeeded', 'dead', 'cancelled')) = (finished_at IS NOT NULL)),
    CONSTRAINT jobs_dead_for_a_reason CHECK (
        state <> 'dead' OR (failure_class IS NOT NULL AND failure_code IS NOT NULL AND failure_reason IS NOT NULL)),
    CONSTRAINT jobs_paused_only_while_unfinished CHECK (NOT is_paused OR state IN ('waiting', 'running')),
    CONSTRAINT jobs_progress_is_a_fraction CHECK (progress BETWEEN 0 AND 1)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0.02);
-- Columns stand by width (16, 8, 4, 1, variable), so that no row carries padding.
COMMENT ON TABLE columna.jobs IS 'Every job there ever was, with its present state; attempts and lineage hang on it.';
COMMENT ON COLUMN columna.jobs.token IS 'Fencing token of the present lease; null when nobody holds one.';
COMMENT ON COLUMN columna.jobs.changed_at IS 'When the state last changed.';
COMMENT ON COLUMN columna.jobs.claim_order IS 'queued_at plus the handicap of the priority: claims take the smallest, so that old jobs rise.';
COMMENT ON COLUMN columna.jobs.rung_at IS 'When the last wake-up for this job was written to the outbox.';
COMMENT ON COLUMN columna.jobs.run_at IS 'Not before: a wish of the request, or the time of the next retry.';
COMMENT ON COLUMN columna.jobs.best_progress IS 'The furthest any attempt came; a crash that got no further counts towards poison.';
COMMENT ON COLUMN columna.jobs.progressed IS 'Whether the present attempt got further than those before, or stored a checkpoint.';
COMMENT ON COLUMN columna.jobs.attempt IS 'Attempts that count: failed or crashed ones and the one under way; interrupted ones do not.';
COMMENT ON COLUMN columna.jobs.crashes IS 'Crashes in a row without progress; three make the job dead.';
COMMENT ON COLUMN columna.jobs.is_paused IS 'Held back while waiting; while running, a wish that the worker hands the job back.';
COMMENT ON COLUMN columna.jobs.progress_note IS 'What the handler last said; the summary once it succeeded.';
COMMENT ON COLUMN columna.jobs.failure_reason IS 'The last failure in words free of patient data.';
COMMENT ON COLUMN columna.jobs.parameters IS 'Canonical JSON of the kind''s parameters, byte for byte as requested (json keeps it, jsonb would not).';

-- One job per key, whatever state it is in: a repeat finds it.
CREATE UNIQUE INDEX jobs_one_per_deduplication_key ON columna.jobs (tenant, kind, deduplication_key) WHERE deduplication_key IS NOT NULL;
-- Claims: equality on stage, then the order they take jobs in.
CREATE INDEX jobs_claimable ON columna.jobs (stage, claim_order, id) WHERE state = 'queued';
-- Caps count by stage and tenant; the sweeper reads all of it (few rows at any time).
CREATE INDEX jobs_running ON columna.jobs (stage, tenant) WHERE state = 'running';
CREATE INDEX jobs_waiting ON columna.jobs (run_at) WHERE state = 'waiting';
CREATE INDEX jobs_of_study ON columna.jobs (study) WHERE study IS NOT NULL;
CREATE INDEX jobs_newest_first ON columna.jobs (created_at DESC, id);
CREATE INDEX jobs_dead ON columna.jobs (created_at DESC, id) WHERE state = 'dead';

CREATE TABLE columna.job_parents (
    child uuid NOT NULL REFERENCES columna.jobs (id),
    parent uuid NOT NULL CONSTRAINT job_parents_parent_exists REFERENCES columna.jobs (id),
    PRIMARY KEY (child, parent),
    CONSTRAINT job_parents_not_its_own CHECK (child <> parent)
);
COMMENT ON TABLE columna.job_parents IS 'Which job was made by, or waits for, which.';
CREATE INDEX job_parents_by_parent ON columna.job_parents (parent);

CREATE TABLE columna.attempts (
    job uuid NOT NULL REFERENCES columna.jobs (id),
    token bigint NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    worker text NOT NULL,
    code_version text NOT NULL,
    outcome text,
    failure_class columna.failure_class,
    failure_code text,
    failure_reason text,
    PRIMARY KEY (job, token),
    CONSTRAINT attempts_outcome_known CHECK (outcome IN ('succeeded', 'failed', 'crashed', 'interrupted', 'cancelled')),
    CONSTRAINT attempts_ended_with_an_outcome CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
COMMENT ON TABLE columna.attempts IS 'Every claim: who ran which job with which code, and how it ended.';
COMMENT ON COLUMN columna.attempts.code_version IS 'Version of the worker''s executable.';
COMMENT ON COLUMN columna.attempts.outcome IS 'Null while the attempt runs.';

CREATE FUNCTION columna.jobs_guard_transition() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state NOT IN ('waiting', 'queued', 'dead') THEN
            RAISE EXCEPTION 'a job cannot begin as %', NEW.state
                USING ERRCODE = 'CL002', HINT = 'docs/job-states.md draws the transitions.';
        END IF;
    ELSIF NOT (CASE OLD.state
        WHEN 'waiting' THEN NEW.state IN ('queued', 'cancelled')
        WHEN 'queued' THEN NEW.state IN ('running', 'waiting', 'cancelled')
        WHEN 'running' THEN NEW.state IN ('succeeded', 'queued', 'waiting', 'dead', 'cancelled')
        WHEN 'succeeded' THEN false
        WHEN 'dead' THEN NEW.state IN ('queued', 'waiting', 'cancelled')
        WHEN 'cancelled' THEN NEW.state IN ('queued', 'waiting')
    END) THEN
        RAISE EXCEPTION 'a job cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'CL002', HINT = 'docs/job-states.md draws the transitions.';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION columna.jobs_guard_transition() IS 'Refuses every transition that JobState.successors does not name.';

CREATE TRIGGER jobs_guard_beginning BEFORE INSERT ON columna.jobs
FOR EACH ROW EXECUTE FUNCTION columna.jobs_guard_transition();
CREATE TRIGGER jobs_guard_transition BEFORE UPDATE OF state ON columna.jobs
FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION columna.jobs_guard_transition();

-- Ends the transaction of a worker whose lease is another's: whatever else it wrote goes with it.
CREATE FUNCTION columna.require_lease(is_held boolean) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT is_held THEN
        RAISE EXCEPTION 'the fencing token is stale' USING ERRCODE = 'CL001';
    END IF;
    RETURN true;
END
$$;
COMMENT ON FUNCTION columna.require_lease(boolean) IS 'Raises CL001 unless the caller''s guarded update found its row.';
