CREATE OR REPLACE VIEW analytics.segmentation_classes AS
SELECT
    class.job,
    judgement.study,
    job.tenant,
    judgement.model_version,
    class.class_value,
    class.class_name,
    class.voxels,
    class.volume_ml,
    class.centroid_x_mm,
    class.centroid_y_mm,
    class.centroid_z_mm,
    class.component_count,
    class.largest_share,
    class.is_cut,
    class.mean_confidence,
    class.mean_entropy,
    judgement.judged_at
FROM columna.segmentation_classes AS class
JOIN columna.segmentation_judgements AS judgement ON judgement.job = class.job
JOIN columna.jobs AS job ON job.id = class.job;
COMMENT ON VIEW analytics.segmentation_classes IS 'One row per segmentation and class that has voxels, after repair; confidence and entropy are the network''s, before it.';
COMMENT ON COLUMN analytics.segmentation_classes.job IS 'The job that segmented.';
COMMENT ON COLUMN analytics.segmentation_classes.study IS 'The study it belongs to; null outside any.';
COMMENT ON COLUMN analytics.segmentation_classes.tenant IS 'Whose study it is.';
COMMENT ON COLUMN analytics.segmentation_classes.model_version IS 'NAME@VERSION of the model; null when it has no name.';
COMMENT ON COLUMN analytics.segmentation_classes.class_value IS 'Voxel value, 1 to 25.';
COMMENT ON COLUMN analytics.segmentation_classes.class_name IS 'C1 to L5, sacrum.';
COMMENT ON COLUMN analytics.segmentation_classes.voxels IS 'Voxels on the CT''s own grid.';
COMMENT ON COLUMN analytics.segmentation_classes.volume_ml IS 'Millilitres.';
COMMENT ON COLUMN analytics.segmentation_classes.centroid_x_mm IS 'Centroid of the largest component, millimetres to the right (RAS+).';
COMMENT ON COLUMN analytics.segmentation_classes.centroid_y_mm IS 'Millimetres to the front.';
COMMENT ON COLUMN analytics.segmentation_classes.centroid_z_mm IS 'Millimetres to the head.';
COMMENT ON COLUMN analytics.segmentation_classes.component_count IS 'Connected components, by face, edge or corner.';
COMMENT ON COLUMN analytics.segmentation_classes.largest_share IS 'The largest component''s part of the voxels, above 0 to 1.';
COMMENT ON COLUMN analytics.segmentation_classes.is_cut IS 'Whether the largest component reaches the edge of the field of view.';
COMMENT ON COLUMN analytics.segmentation_classes.mean_confidence IS 'Mean softmax probability where the class won, 0 to 1; null where it won nowhere.';
COMMENT ON COLUMN analytics.segmentation_classes.mean_entropy IS 'Mean softmax entropy there over ln of the number of classes, 0 to 1; null where it won nowhere.';
COMMENT ON COLUMN analytics.segmentation_classes.judged_at IS 'When the job ended.';
GRANT SELECT ON analytics.segmentation_classes TO columna_analyst;
