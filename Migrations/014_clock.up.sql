-- One clock for all: what is written and compared is the database's time, never a worker's, whose host may have lost its time server. A worker
-- five minutes ahead would take healthy leases for expired ones, break the order of the queue and declare studies complete while they arrive.
--
-- The clock is read once per statement (statement_timestamp). That of the transaction, now(), stands still while a statement waits for a lock;
-- clock_timestamp() moves within a statement, so that two columns of a row differ and no index can be searched by it.
CREATE FUNCTION columna.now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT statement_timestamp()
$$;
COMMENT ON FUNCTION columna.now() IS 'The time by which everything is written and compared: the database''s, when the statement began.';

ALTER TABLE columna.workers ADD COLUMN clock_skew_seconds double precision;
COMMENT ON COLUMN columna.workers.clock_skew_seconds IS 'How far the clock of its host is ahead of the database''s (negative: behind), as it measured at its last heartbeat; null: not measured. Beyond a second it does not sweep.';
COMMENT ON COLUMN columna.workers.started_at IS 'When the database first heard of it.';
