-- Takes back 005: drops models' and metrics' rows for good; weights stay in storage.
DROP TABLE columna.rehearsal_effects;
DROP TABLE columna.class_metrics;
DROP TABLE columna.epoch_metrics;
ALTER TABLE columna.models DROP CONSTRAINT models_promoted_version_exists;
DROP TABLE columna.model_versions;
DROP TABLE columna.models;
DROP TABLE columna.data_set_cases;
DROP TABLE columna.volumes;
