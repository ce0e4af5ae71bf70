-- Takes back 007. The role stays: it belongs to the server, and other databases may grant it.
DROP VIEW analytics.job_status;
DROP VIEW analytics.job_lineage;
DROP VIEW analytics.model_versions;
DROP VIEW analytics.case_metrics;
DROP SCHEMA analytics;
