-- What operators see and decide: workers, pauses, limits, and an audit nobody can rewrite.
CREATE TABLE columna.workers (
    id text PRIMARY KEY,
    stage columna.stage NOT NULL,
    host text NOT NULL,
    process_id integer NOT NULL,
    version text NOT NULL,
    slots integer NOT NULL,
    busy_slots integer NOT NULL,
    state text NOT NULL,
    started_at timestamptz NOT NULL,
    heartbeat_at timestamptz NOT NULL,
    CONSTRAINT workers_state_known CHECK (state IN ('running', 'draining', 'stopped'))
);
COMMENT ON TABLE columna.workers IS 'Worker processes as they described themselves at their last heartbeat.';
CREATE INDEX workers_by_heartbeat ON columna.workers (heartbeat_at);

CREATE TABLE columna.stage_pauses (
    stage columna.stage PRIMARY KEY,
    actor text NOT NULL,
    paused_at timestamptz NOT NULL
);
COMMENT ON TABLE columna.stage_pauses IS 'Stages from which nobody may claim at present.';

CREATE TABLE columna.kind_limits (
    kind text PRIMARY KEY,
    waiting interval NOT NULL,
    running interval NOT NULL,
    no_progress interval NOT NULL,
    CONSTRAINT kind_limits_positive CHECK (
        waiting > interval '0' AND running > interval '0' AND no_progress > interval '0')
);
COMMENT ON TABLE columna.kind_limits IS 'How long a job of a kind may wait, run, and run without progress; the sweeper enforces them. A kind without a row has none.';
COMMENT ON COLUMN columna.kind_limits.waiting IS 'Longest time in state waiting or queued, counted from when it was due; then cancelled.';
COMMENT ON COLUMN columna.kind_limits.running IS 'Longest attempt; then it fails as a defect.';
COMMENT ON COLUMN columna.kind_limits.no_progress IS 'Longest time between two advances of progress; then it counts as a crash.';

INSERT INTO columna.kind_limits (kind, waiting, running, no_progress)
VALUES
    ('ingest-study', '30 days', '4 hours', '1 hour'),
    ('preprocess-volume', '30 days', '4 hours', '1 hour'),
    ('segment-volume', '30 days', '12 hours', '2 hours'),
    ('evaluate-segmentation', '30 days', '4 hours', '1 hour'),
    ('train-model', '30 days', '30 days', '12 hours'),
    ('rehearsal', '30 days', '1 hour', '1 hour');

CREATE TABLE columna.audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    happened_at timestamptz NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    job uuid REFERENCES columna.jobs (id),
    subject text,
    detail jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE columna.audit IS 'Who did what, when: decisions of operators and the ends of jobs. Rows are added, never changed.';
COMMENT ON COLUMN columna.audit.actor IS 'An operator''s name, or the worker''s id.';
CREATE INDEX audit_of_job ON columna.audit (job) WHERE job IS NOT NULL;

CREATE FUNCTION columna.audit_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit rows are added, never changed' USING ERRCODE = 'CL003';
END
$$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON columna.audit
FOR EACH STATEMENT EXECUTE FUNCTION columna.audit_refuse_change();
