-- replaces: 46e4c426b38ceb3f
-- What the lineage says of weights that are several model versions stands in views/job_lineage.sql.
COMMENT ON COLUMN columna.workers.clock_skew_seconds IS 'How far the clock of its host is ahead of the database''s (negative: behind), as it measured at its last heartbeat; null: not measured. Beyond a second it leaves sweeping to others, as long as they do it.';
