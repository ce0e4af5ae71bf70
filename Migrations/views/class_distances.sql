CREATE OR REPLACE VIEW analytics.class_distances AS
SELECT
    measured.case_name,
    job.tenant,
    measured.model_version,
    distance.job,
    distance.variant,
    distance.class_value,
    distance.surface,
    distance.direction,
    distance.maximum,
    distance.percentile95,
    distance.mean,
    distance.root_mean_square,
    distance.points
FROM columna.class_distances AS distance
JOIN columna.case_metrics AS measured ON measured.job = distance.job AND measured.variant = distance.variant
JOIN columna.jobs AS job ON job.id = distance.job;
COMMENT ON VIEW analytics.class_distances IS 'One-sided distances between the surfaces of a class, of which case_metrics shows the symmetric ones; no row where a map lacks the class.';
COMMENT ON COLUMN analytics.class_distances.case_name IS 'Pseudonym of the case.';
COMMENT ON COLUMN analytics.class_distances.tenant IS 'Whose case it is.';
COMMENT ON COLUMN analytics.class_distances.model_version IS 'NAME@VERSION that made the label map; null when it came from elsewhere.';
COMMENT ON COLUMN analytics.class_distances.job IS 'The job that measured.';
COMMENT ON COLUMN analytics.class_distances.variant IS 'delivered or unrepaired, as in case_metrics.';
COMMENT ON COLUMN analytics.class_distances.class_value IS 'Voxel value of the class in spine-25.';
COMMENT ON COLUMN analytics.class_distances.surface IS 'voxel: centres of boundary voxels; mesh: vertices and triangles of marching cubes.';
COMMENT ON COLUMN analytics.class_distances.direction IS 'truth-to-predicted or predicted-to-truth.';
COMMENT ON COLUMN analytics.class_distances.maximum IS 'Largest distance; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.class_distances.percentile95 IS '95th percentile, linear between neighbours; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.class_distances.mean IS 'Mean; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.class_distances.root_mean_square IS 'Root mean square; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.class_distances.points IS 'How many points were measured from; 1 or more.';
GRANT SELECT ON analytics.class_distances TO columna_analyst;
