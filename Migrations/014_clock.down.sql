COMMENT ON COLUMN columna.workers.started_at IS NULL;
ALTER TABLE columna.workers DROP COLUMN clock_skew_seconds;
DROP FUNCTION columna.now();
