CREATE OR REPLACE VIEW analytics.model_versions AS
SELECT
    version.name,
    version.version,
    version.name || '@' || version.version AS reference,
    version.version IS NOT DISTINCT FROM model.promoted_version AS is_promoted,
    version.weights,
    artifact.byte_count AS weights_byte_count,
    version.data_set,
    version.validation_dice,
    version.plan,
    version.recipe,
    version.job,
    version.created_at
FROM columna.model_versions AS version
JOIN columna.models AS model ON model.name = version.name
JOIN columna.artifacts AS artifact ON artifact.address = version.weights;
COMMENT ON VIEW analytics.model_versions IS 'Every model version with its weights'' address, plan, recipe and training job.';
GRANT SELECT ON analytics.model_versions TO columna_analyst;
