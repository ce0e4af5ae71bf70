-- Artifacts and who read or wrote them: with 002, the lineage of everything.
CREATE TABLE columna.artifacts (
    address text PRIMARY KEY,
    byte_count bigint NOT NULL,
    media_type text NOT NULL,
    CONSTRAINT artifacts_address_is_sha256 CHECK (address ~ '^sha256:[0-9a-f]{64}$'),
    CONSTRAINT artifacts_byte_count_not_negative CHECK (byte_count >= 0)
);
COMMENT ON TABLE columna.artifacts IS 'Bytes in storage, by content address.';
COMMENT ON COLUMN columna.artifacts.address IS 'sha256: and 64 hex digits.';

CREATE TYPE columna.artifact_direction AS ENUM ('input', 'output');

CREATE TABLE columna.job_artifacts (
    job uuid NOT NULL REFERENCES columna.jobs (id),
    position bigint GENERATED ALWAYS AS IDENTITY,
    direction columna.artifact_direction NOT NULL,
    role text NOT NULL,
    address text NOT NULL REFERENCES columna.artifacts (address),
    PRIMARY KEY (job, direction, role, address)
);
COMMENT ON TABLE columna.job_artifacts IS 'Which job read (input) and wrote (output) which bytes, and what they were to it.';
COMMENT ON COLUMN columna.job_artifacts.position IS 'Order of recording: the last checkpoint is the one to resume from.';
CREATE INDEX job_artifacts_by_address ON columna.job_artifacts (address);
