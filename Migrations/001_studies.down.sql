-- Takes back 001: drops every study and tenant for good.
DROP TABLE columna.tenants;
DROP TABLE columna.studies;
DROP TYPE columna.study_state;
DROP SCHEMA columna;
