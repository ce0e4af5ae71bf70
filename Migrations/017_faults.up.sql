-- Which storage belongs to this database, and what a worker says of itself: a folder where nothing is mounted looks like an empty store, and a
-- worker that works on it fails faster than others work.
CREATE TABLE columna.store (
    is_only boolean PRIMARY KEY DEFAULT true,
    id uuid NOT NULL,
    registered_at timestamptz NOT NULL DEFAULT columna.now(),
    CONSTRAINT store_is_only CHECK (is_only)
);
COMMENT ON TABLE columna.store IS 'The one store whose objects the artifacts are; its folder holds the same identity. No row: none was registered yet.';

ALTER TABLE columna.workers ADD COLUMN note text NOT NULL DEFAULT '';
COMMENT ON COLUMN columna.workers.note IS 'Why the worker claims no jobs at present; empty while it does.';

-- Retries have budgets in time: since when each class fails in a row.
ALTER TABLE columna.jobs
    ADD COLUMN transient_since timestamptz,
    ADD COLUMN resource_since timestamptz,
    ADD COLUMN defect_since timestamptz,
    ADD COLUMN crash_since timestamptz,
    ADD COLUMN held_for text;
COMMENT ON COLUMN columna.jobs.transient_since IS 'When the present row of transient failures began; null: there is none. Likewise the other three.';
COMMENT ON COLUMN columna.jobs.held_for IS 'While waiting: the dependency (columna.dependencies) that is away and that it waits for without using up tries.';
CREATE INDEX jobs_held ON columna.jobs (held_for) WHERE state = 'waiting' AND held_for IS NOT NULL;

CREATE TABLE columna.dependencies (
    name text PRIMARY KEY,
    failures integer NOT NULL,
    opened_at timestamptz,
    probe_at timestamptz NOT NULL,
    reason text NOT NULL,
    CONSTRAINT dependencies_failed_at_least_once CHECK (failures > 0)
);
COMMENT ON TABLE columna.dependencies IS 'What jobs need beyond this system (archives) and that failed last; a success removes the row.';
COMMENT ON COLUMN columna.dependencies.failures IS 'In a row, of all jobs that need it.';
COMMENT ON COLUMN columna.dependencies.opened_at IS 'Since when its jobs are held; null: they still try.';
COMMENT ON COLUMN columna.dependencies.probe_at IS 'When one of them may try again.';
