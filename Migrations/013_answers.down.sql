-- Replies go back into the outbox, parked ones too. Not possible when two sources of a tenant have used one id: the constraint says which.
DROP TRIGGER outbox_set_reply_apart ON columna.outbox;
DROP FUNCTION columna.outbox_set_reply_apart();
INSERT INTO columna.outbox (message_id, occurred_at, exchange, routing_key, correlation_id, type, subject, data)
SELECT message_id, occurred_at, '', queue, correlation_id, type, subject, data
FROM columna.replies
ORDER BY id;
DROP TABLE columna.replies;
DROP TABLE columna.study_askers;
DROP INDEX columna.studies_one_per_message_without_source;
ALTER TABLE columna.studies
    DROP CONSTRAINT studies_one_per_event,
    DROP COLUMN source,
    DROP COLUMN content_digest,
    ADD CONSTRAINT studies_one_per_message UNIQUE (tenant, message_id);
COMMENT ON COLUMN columna.studies.message_id IS 'message_id or CloudEvents id of the intake message; a repeat with the same one is the same study.';
COMMENT ON COLUMN columna.studies.reply_to IS 'Queue that gets the final result, if the hospital asked for it.';
