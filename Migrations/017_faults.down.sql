-- Takes back 017: rows of failures begin anew; the store keeps its identity, the database forgets it until it is registered again.
DROP TABLE columna.dependencies;
ALTER TABLE columna.jobs
    DROP COLUMN transient_since,
    DROP COLUMN resource_since,
    DROP COLUMN defect_since,
    DROP COLUMN crash_since,
    DROP COLUMN held_for;
ALTER TABLE columna.workers DROP COLUMN note;
DROP TABLE columna.store;
