-- Takes back 002: drops every job and attempt for good.
DROP FUNCTION columna.require_lease(boolean);
DROP TABLE columna.attempts;
DROP TABLE columna.job_parents;
DROP TABLE columna.jobs;
DROP FUNCTION columna.jobs_guard_transition();
DROP SEQUENCE columna.fencing_tokens;
DROP TYPE columna.failure_class;
DROP TYPE columna.priority;
DROP TYPE columna.stage;
DROP TYPE columna.job_state;
