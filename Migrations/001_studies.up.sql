-- Studies and tenants: what was submitted, and who may run how much.
-- One schema, `columna`, holds the truth; analysts read the views of `analytics` (007) and nothing here.
CREATE SCHEMA columna;
COMMENT ON SCHEMA columna IS 'Jobs, studies, models and their lineage; written by the workers and the columna command only.';

CREATE TYPE columna.study_state AS ENUM ('submitted', 'succeeded', 'dead', 'cancelled');

CREATE TABLE columna.studies (
    id uuid PRIMARY KEY,
    tenant text NOT NULL,
    pipeline text NOT NULL,
    message_id text NOT NULL,
    reply_to text,
    correlation_id text,
    state columna.study_state NOT NULL DEFAULT 'submitted',
    first_job uuid NOT NULL,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    CONSTRAINT studies_one_per_message UNIQUE (tenant, message_id),
    CONSTRAINT studies_finished_when_ended CHECK ((state = 'submitted') = (finished_at IS NULL))
);
COMMENT ON TABLE columna.studies IS 'A study as a hospital submitted it: the root of its jobs'' lineage. Free of patient data.';
COMMENT ON COLUMN columna.studies.pipeline IS 'The way it takes through the stages: segment or import.';
COMMENT ON COLUMN columna.studies.message_id IS 'message_id or CloudEvents id of the intake message; a repeat with the same one is the same study.';
COMMENT ON COLUMN columna.studies.reply_to IS 'Queue that gets the final result, if the hospital asked for it.';
COMMENT ON COLUMN columna.studies.first_job IS 'The job that was inserted with the study (no foreign key: the two refer to each other).';

CREATE TABLE columna.tenants (
    name text PRIMARY KEY,
    running_limit integer,
    CONSTRAINT tenants_running_limit_not_negative CHECK (running_limit >= 0)
);
COMMENT ON TABLE columna.tenants IS 'Limits of tenants that have some; a tenant without a row has none.';
COMMENT ON COLUMN columna.tenants.running_limit IS 'At most this many jobs of the tenant run at a time in each stage; null: no cap.';
