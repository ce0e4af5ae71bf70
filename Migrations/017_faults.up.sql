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
