CREATE OR REPLACE VIEW analytics.job_status AS
SELECT
    job.stage,
    job.kind,
    job.tenant,
    job.state,
    count(*) AS jobs,
    min(job.created_at) AS oldest,
    extract(epoch FROM avg(job.started_at - job.created_at))::double precision AS mean_wait_seconds,
    extract(epoch FROM percentile_cont(0.95) WITHIN GROUP (ORDER BY job.started_at - job.created_at))::double precision AS p95_wait_seconds,
    extract(epoch FROM avg(job.finished_at - job.started_at))::double precision AS mean_run_seconds
FROM columna.jobs AS job
GROUP BY job.stage, job.kind, job.tenant, job.state;
COMMENT ON VIEW analytics.job_status IS 'How many jobs are in which state, and how long they waited and ran.';
GRANT SELECT ON analytics.job_status TO columna_analyst;
