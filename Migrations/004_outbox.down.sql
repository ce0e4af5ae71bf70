-- Takes back 004: messages that were not yet published are lost (a sweep rings queued jobs again).
DROP TRIGGER jobs_announce_state ON columna.jobs;
DROP TRIGGER jobs_announce_beginning ON columna.jobs;
DROP FUNCTION columna.jobs_announce_state();
DROP TABLE columna.outbox;
