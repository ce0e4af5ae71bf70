-- The outbox: messages that a transaction decided to send. A relay publishes them after the commit and deletes what the broker
-- confirmed, so a state change and its announcement cannot part. The trigger writes them, so no statement can forget to.
CREATE TABLE columna.outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id uuid NOT NULL DEFAULT gen_random_uuid(),
    occurred_at timestamptz NOT NULL,
    exchange text NOT NULL,
    routing_key text NOT NULL,
    correlation_id text,
    type text NOT NULL,
    subject text NOT NULL,
    data jsonb NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE columna.outbox IS 'Messages to be published; a row goes when the broker confirmed it. JobEvent (Swift) wraps data as a CloudEvent.';
COMMENT ON COLUMN columna.outbox.message_id IS 'The same over repeats, so that a message published twice is recognised.';
COMMENT ON COLUMN columna.outbox.exchange IS 'Empty: the default exchange, where the routing key is a queue (replies).';

CREATE FUNCTION columna.jobs_announce_state() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'queued' THEN
        INSERT INTO columna.outbox (occurred_at, exchange, routing_key, type, subject, data)
        VALUES (
            NEW.changed_at, 'columna.work', NEW.stage || '.' || NEW.priority, 'columna.work.' || NEW.stage, NEW.id::text,
            jsonb_build_object('job', NEW.id, 'stage', NEW.stage, 'priority', NEW.priority));
    END IF;
    INSERT INTO columna.outbox (occurred_at, exchange, routing_key, type, subject, data)
    VALUES (
        NEW.changed_at, 'columna.events', 'job.' || NEW.stage || '.' || NEW.state, 'columna.job.' || NEW.stage || '.' || NEW.state,
        NEW.id::text,
        jsonb_strip_nulls(jsonb_build_object(
            'job', NEW.id, 'kind', NEW.kind, 'stage', NEW.stage, 'state', NEW.state, 'tenant', NEW.tenant, 'priority', NEW.priority,
            'attempt', NEW.attempt, 'study', NEW.study, 'worker', NEW.worker,
            'failure', CASE WHEN NEW.failure_code IS NOT NULL AND NEW.state <> 'succeeded' THEN jsonb_build_object(
                'class', NEW.failure_class, 'code', NEW.failure_code, 'reason', NEW.failure_reason) END)));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION columna.jobs_announce_state() IS 'Writes the event of every state change, and the wake-up of a job that became claimable.';

CREATE TRIGGER jobs_announce_beginning AFTER INSERT ON columna.jobs
FOR EACH ROW EXECUTE FUNCTION columna.jobs_announce_state();
CREATE TRIGGER jobs_announce_state AFTER UPDATE OF state ON columna.jobs
FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION columna.jobs_announce_state();
