CREATE OR REPLACE VIEW analytics.case_metrics AS
SELECT
    measured.case_name,
    measured.study,
    job.tenant,
    measured.model_version,
    metric.class_value,
    metric.class_name,
    CASE
        WHEN metric.in_truth AND metric.in_prediction THEN 'both'
        WHEN metric.in_truth THEN 'truth only'
        WHEN metric.in_prediction THEN 'prediction only'
        ELSE 'absent'
    END AS presence,
    metric.in_truth,
    metric.in_prediction,
    metric.dice,
    metric.iou,
    metric.sensitivity,
    metric.specificity,
    metric."precision",
    metric.accuracy,
    metric.truth_volume_ml,
    metric.predicted_volume_ml,
    metric.true_positives,
    metric.false_positives,
    metric.false_negatives,
    metric.true_negatives,
    metric.job,
    measured.evaluated_at,
    measured.variant,
    metric.auc,
    metric.kappa,
    near.boundary_f1 AS boundary_f1_1_5mm,
    wide.boundary_f1 AS boundary_f1_3mm,
    near.normalized_surface_dice AS nsd_1_5mm,
    wide.normalized_surface_dice AS nsd_3mm,
    voxel.hausdorff,
    voxel.hausdorff95,
    voxel.average_hausdorff,
    voxel.rms_hausdorff,
    voxel.assd,
    voxel.average_truth_to_predicted,
    voxel.average_predicted_to_truth,
    mesh.hausdorff AS mesh_hausdorff,
    mesh.hausdorff95 AS mesh_hausdorff95,
    mesh.average_hausdorff AS mesh_average_hausdorff,
    mesh.rms_hausdorff AS mesh_rms_hausdorff,
    (metric.predicted_volume_ml / nullif(metric.truth_volume_ml, 0) - 1) * 100 AS volume_error_percent,
    metric.centroid_distance_mm AS centroid_distance,
    metric.touches_border,
    measured.identification_rate,
    measured.detection_precision,
    measured.detection_recall,
    measured.label_shift,
    measured.options ->> 'emptyClasses' AS empty_class_policy,
    ARRAY(
        SELECT member.evaluation FROM columna.evaluation_cases AS member WHERE member.measurement = metric.job ORDER BY member.evaluation
    ) AS evaluations,
    coalesce(
        -- The order of an evaluation's measurement does not say it: repairs are its segmentation's.
        (
            SELECT bool_or(evaluation.repairs)
            FROM columna.evaluation_cases AS member
            JOIN columna.evaluations AS evaluation ON evaluation.id = member.evaluation
            WHERE member.measurement = metric.job
        ),
        (job.parameters -> 'order' ->> 'repairs')::boolean,
        false) AS repairs
FROM columna.class_metrics AS metric
JOIN columna.case_metrics AS measured ON measured.job = metric.job AND measured.variant = metric.variant
JOIN columna.jobs AS job ON job.id = metric.job
LEFT JOIN columna.class_agreements AS near
    ON near.job = metric.job AND near.variant = metric.variant AND near.class_value = metric.class_value AND near.tolerance_mm = 1.5
LEFT JOIN columna.class_agreements AS wide
    ON wide.job = metric.job AND wide.variant = metric.variant AND wide.class_value = metric.class_value AND wide.tolerance_mm = 3
LEFT JOIN LATERAL (
    SELECT
        max(distance.maximum) AS hausdorff,
        max(distance.percentile95) AS hausdorff95,
        max(distance.mean) AS average_hausdorff,
        max(distance.root_mean_square) AS rms_hausdorff,
        sum(distance.mean * distance.points) / sum(distance.points) AS assd,
        max(distance.mean) FILTER (WHERE distance.direction = 'truth-to-predicted') AS average_truth_to_predicted,
        max(distance.mean) FILTER (WHERE distance.direction = 'predicted-to-truth') AS average_predicted_to_truth
    FROM columna.class_distances AS distance
    WHERE distance.job = metric.job AND distance.variant = metric.variant AND distance.class_value = metric.class_value AND distance.surface = 'voxel'
) AS voxel ON true
LEFT JOIN LATERAL (
    SELECT
        max(distance.maximum) AS hausdorff,
        max(distance.percentile95) AS hausdorff95,
        max(distance.mean) AS average_hausdorff,
        max(distance.root_mean_square) AS rms_hausdorff
    FROM columna.class_distances AS distance
    WHERE distance.job = metric.job AND distance.variant = metric.variant AND distance.class_value = metric.class_value AND distance.surface = 'mesh'
) AS mesh ON true;
COMMENT ON VIEW analytics.case_metrics IS 'One row per compared pair of label maps and class. Values are null where undefined, so averages leave them out. All voxels are those of the CT''s own grid.';
COMMENT ON COLUMN analytics.case_metrics.case_name IS 'Pseudonym of the case.';
COMMENT ON COLUMN analytics.case_metrics.study IS 'The study''s id, where the case came as a study; null for a data set''s case.';
COMMENT ON COLUMN analytics.case_metrics.tenant IS 'Whose case it is.';
COMMENT ON COLUMN analytics.case_metrics.model_version IS 'NAME@VERSION that made the label map; null when it came from elsewhere.';
COMMENT ON COLUMN analytics.case_metrics.class_value IS 'Voxel value of the class in spine-25: 1–7 C1–C7, 8–19 T1–T12, 20–24 L1–L5, 25 sacrum.';
COMMENT ON COLUMN analytics.case_metrics.class_name IS 'Name of the class, C1 to sacrum.';
COMMENT ON COLUMN analytics.case_metrics.presence IS 'Where the class has voxels: both, truth only, prediction only, absent.';
COMMENT ON COLUMN analytics.case_metrics.in_truth IS 'Whether the truth has a voxel of the class.';
COMMENT ON COLUMN analytics.case_metrics.in_prediction IS 'Whether the prediction has a voxel of the class.';
COMMENT ON COLUMN analytics.case_metrics.dice IS 'Dice coefficient 2TP/(2TP+FP+FN); 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.iou IS 'Intersection over union TP/(TP+FP+FN); 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.sensitivity IS 'Recall TP/(TP+FN); 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.specificity IS 'TN/(TN+FP); 0 (worst) to 1 (best); near 1 for every small class, so it says little.';
COMMENT ON COLUMN analytics.case_metrics.precision IS 'TP/(TP+FP); 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.accuracy IS '(TP+TN)/all voxels; 0 (worst) to 1 (best); near 1 for every small class, so it says little.';
COMMENT ON COLUMN analytics.case_metrics.truth_volume_ml IS 'Volume of the class in the truth, millilitres, 0 or more.';
COMMENT ON COLUMN analytics.case_metrics.predicted_volume_ml IS 'Volume of the class in the prediction, millilitres, 0 or more.';
COMMENT ON COLUMN analytics.case_metrics.true_positives IS 'TP: voxels of the class in both maps.';
COMMENT ON COLUMN analytics.case_metrics.false_positives IS 'FP: voxels of the class in the prediction only.';
COMMENT ON COLUMN analytics.case_metrics.false_negatives IS 'FN: voxels of the class in the truth only.';
COMMENT ON COLUMN analytics.case_metrics.true_negatives IS 'TN: voxels of the class in neither map.';
COMMENT ON COLUMN analytics.case_metrics.job IS 'The job that measured; follow it in analytics.job_lineage to the bytes.';
COMMENT ON COLUMN analytics.case_metrics.evaluated_at IS 'When it was measured.';
COMMENT ON COLUMN analytics.case_metrics.variant IS 'delivered: the label map as it went out; unrepaired: as the network left it, where names from anatomy or a repair changed it. Filter by it before averaging.';
COMMENT ON COLUMN analytics.case_metrics.auc IS 'Area under the ROC curve of one threshold, (sensitivity + specificity)/2; 0 (worst) to 1 (best), 0.5 for chance.';
COMMENT ON COLUMN analytics.case_metrics.kappa IS 'Cohen''s kappa of the class against the rest; −1 to 1 (best), 0 for chance.';
COMMENT ON COLUMN analytics.case_metrics.boundary_f1_1_5mm IS 'Boundary F1 (Csurka 2013) at 1.5 mm: 2PR/(P+R) over boundary voxels within the tolerance of the other boundary; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.boundary_f1_3mm IS 'Boundary F1 at 3 mm; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.nsd_1_5mm IS 'Normalised surface Dice (Nikolov 2018) at 1.5 mm: share of both surfaces, by area, within the tolerance of each other; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.nsd_3mm IS 'Normalised surface Dice at 3 mm; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.hausdorff IS 'Hausdorff distance between boundary voxels, the larger of both directions; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.hausdorff95 IS '95th percentile Hausdorff distance between boundary voxels, the larger of both directions; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.average_hausdorff IS 'Average Hausdorff distance, the larger of the directed means; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.rms_hausdorff IS 'Root mean square distance, the larger of both directions; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.assd IS 'Average symmetric surface distance, over the boundary voxels of both maps together; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.average_truth_to_predicted IS 'Mean distance from the truth''s boundary voxels to the prediction''s; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.average_predicted_to_truth IS 'Mean distance from the prediction''s boundary voxels to the truth''s; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.mesh_hausdorff IS 'Hausdorff distance between marching-cubes surfaces (vertices to the nearest point of the other''s triangles), the larger of both directions; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.mesh_hausdorff95 IS '95th percentile of the same; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.mesh_average_hausdorff IS 'Larger of the directed means of the same; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.mesh_rms_hausdorff IS 'Larger of the directed root mean squares of the same; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.volume_error_percent IS '(predicted − truth)/truth volume · 100; −100 or more, 0 is best; null without truth.';
COMMENT ON COLUMN analytics.case_metrics.centroid_distance IS 'Distance between the centres of mass; mm, 0 (best) or more.';
COMMENT ON COLUMN analytics.case_metrics.touches_border IS 'Whether the class reaches the volume''s edge in the truth, so that it may be cut.';
COMMENT ON COLUMN analytics.case_metrics.identification_rate IS 'Of the whole case: share of the truth''s classes whose predicted centroid lies within 20 mm of their own and nearest to it; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.detection_precision IS 'Of the whole case: share of predicted classes that cover a vertebra of the truth, whatever its name; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.detection_recall IS 'Of the whole case: share of the truth''s classes that some predicted class covers; 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.case_metrics.label_shift IS 'Of the whole case: by how many vertebrae the whole spine is named off, +1 where L1 is called L2; null where it is named right and where no one shift explains it.';
COMMENT ON COLUMN analytics.case_metrics.empty_class_policy IS 'What ratios say of classes that a map lacks: undefined, monai, nnu-net or miseval; null in rows older than the policy (undefined).';
COMMENT ON COLUMN analytics.case_metrics.evaluations IS 'The evaluations that the pair belongs to: those of equal cases share it; {} for a study measured by itself. Stay within one by ''id'' = ANY (evaluations) before averaging.';
COMMENT ON COLUMN analytics.case_metrics.repairs IS 'Whether label maps were repaired where that is unambiguous, as ordered: in both variants'' rows, and the same in all of the evaluations.';
GRANT SELECT ON analytics.case_metrics TO columna_analyst;
