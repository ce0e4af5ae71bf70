-- Takes back 003: drops the lineage for good; the bytes stay in storage.
DROP TABLE columna.job_artifacts;
DROP TYPE columna.artifact_direction;
DROP TABLE columna.artifacts;
