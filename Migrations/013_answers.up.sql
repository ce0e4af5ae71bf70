-- Who sent what, and who is answered.
--
-- CloudEvents names an event by its source and its id together; until now the id alone did, and what another ward sent under the same number was
-- taken for a repeat. Studies that are there keep null as their source: a repeat of their message is still found by its id.
--
-- Replies leave the outbox for a table of their own: a wake-up or an event that nobody takes may be let go of, an answer may not. One that its
-- queue refuses is tried again later, and waits for an operator (parked) when its time is over.
ALTER TABLE columna.studies
    ADD COLUMN source text,
    ADD COLUMN content_digest text,
    DROP CONSTRAINT studies_one_per_message,
    ADD CONSTRAINT studies_one_per_event UNIQUE (tenant, source, message_id);
CREATE UNIQUE INDEX studies_one_per_message_without_source ON columna.studies (tenant, message_id) WHERE source IS NULL;
COMMENT ON COLUMN columna.studies.source IS 'CloudEvents source: with message_id it names the event, a repeat of which is the same study. Null: begun before sources were kept.';
COMMENT ON COLUMN columna.studies.message_id IS 'CloudEvents id of the intake message, unique for its source.';
COMMENT ON COLUMN columna.studies.content_digest IS 'SHA-256 of what was asked for; the same event with another digest is refused. Null: not compared.';
COMMENT ON COLUMN columna.studies.reply_to IS 'Queue that gets the answers, if the hospital asked for them; more askers stand in study_askers.';

CREATE TABLE columna.study_askers (
    study uuid NOT NULL REFERENCES columna.studies (id),
    queue text NOT NULL,
    correlation_id text NOT NULL DEFAULT '',
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (study, queue, correlation_id)
);
COMMENT ON TABLE columna.study_askers IS 'Who sent a study''s message again before it had ended, and gets the result too.';
COMMENT ON COLUMN columna.study_askers.correlation_id IS 'Comes back with the result; empty: none.';

CREATE TABLE columna.replies (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    next_try_at timestamptz,
    refused_since timestamptz,
    parked_at timestamptz,
    tries integer NOT NULL DEFAULT 0,
    tenant text NOT NULL,
    queue text NOT NULL,
    correlation_id text,
    type text NOT NULL,
    subject text NOT NULL,
    data jsonb NOT NULL,
    CONSTRAINT replies_due_unless_parked CHECK ((next_try_at IS NULL) = (parked_at IS NOT NULL)),
    CONSTRAINT replies_refused_before_parked CHECK (parked_at IS NULL OR refused_since IS NOT NULL)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE columna.replies IS 'Answers to be published; a row goes when the broker confirmed it, or said that its queue does not exist.';
COMMENT ON COLUMN columna.replies.next_try_at IS 'Not before; a relay that is publishing it has set a time ahead. Null: parked.';
COMMENT ON COLUMN columna.replies.refused_since IS 'When its queue first refused it; null: not yet.';
COMMENT ON COLUMN columna.replies.parked_at IS 'When its time was over: it waits for `columna dead requeue --replies`.';
COMMENT ON COLUMN columna.replies.tries IS 'How often its queue refused it.';
CREATE INDEX replies_due ON columna.replies (next_try_at, id) WHERE next_try_at IS NOT NULL;
CREATE INDEX replies_refused ON columna.replies (refused_since, id) WHERE refused_since IS NOT NULL;

-- Whoever writes a reply to the outbox (also a worker of the version before) finds it in replies.
CREATE FUNCTION columna.outbox_set_reply_apart() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO columna.replies (message_id, occurred_at, next_try_at, tenant, queue, correlation_id, type, subject, data)
    VALUES (
        NEW.message_id, NEW.occurred_at, NEW.occurred_at, coalesce(NEW.data ->> 'tenant', ''), NEW.routing_key, NEW.correlation_id, NEW.type,
        NEW.subject, NEW.data);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION columna.outbox_set_reply_apart() IS 'Puts a message to the default exchange into replies instead.';
CREATE TRIGGER outbox_set_reply_apart BEFORE INSERT ON columna.outbox
FOR EACH ROW WHEN (NEW.exchange = '') EXECUTE FUNCTION columna.outbox_set_reply_apart();

WITH reply AS (
    DELETE FROM columna.outbox WHERE exchange = '' RETURNING *
)
INSERT INTO columna.replies (message_id, occurred_at, next_try_at, tenant, queue, correlation_id, type, subject, data)
SELECT message_id, occurred_at, occurred_at, coalesce(data ->> 'tenant', ''), routing_key, correlation_id, type, subject, data
FROM reply
ORDER BY id;
