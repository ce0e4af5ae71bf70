CREATE OR REPLACE VIEW analytics.class_agreements AS
SELECT
    measured.case_name,
    job.tenant,
    measured.model_version,
    agreement.job,
    agreement.variant,
    agreement.class_value,
    agreement.tolerance_mm,
    agreement.boundary_f1,
    agreement.normalized_surface_dice
FROM columna.class_agreements AS agreement
JOIN columna.case_metrics AS measured ON measured.job = agreement.job AND measured.variant = agreement.variant
JOIN columna.jobs AS job ON job.id = agreement.job;
COMMENT ON VIEW analytics.class_agreements IS 'Boundary F1 and surface Dice at every tolerance that was asked for, of which case_metrics shows 1.5 and 3 mm.';
COMMENT ON COLUMN analytics.class_agreements.case_name IS 'Pseudonym of the case.';
COMMENT ON COLUMN analytics.class_agreements.tenant IS 'Whose case it is.';
COMMENT ON COLUMN analytics.class_agreements.model_version IS 'NAME@VERSION that made the label map; null when it came from elsewhere.';
COMMENT ON COLUMN analytics.class_agreements.job IS 'The job that measured.';
COMMENT ON COLUMN analytics.class_agreements.variant IS 'delivered or unrepaired, as in case_metrics.';
COMMENT ON COLUMN analytics.class_agreements.class_value IS 'Voxel value of the class in spine-25.';
COMMENT ON COLUMN analytics.class_agreements.tolerance_mm IS 'Distance within which surfaces count as the same; mm, 0 or more.';
COMMENT ON COLUMN analytics.class_agreements.boundary_f1 IS 'Boundary F1 (Csurka 2013); 0 (worst) to 1 (best).';
COMMENT ON COLUMN analytics.class_agreements.normalized_surface_dice IS 'Normalised surface Dice (Nikolov 2018), weighted by area; 0 (worst) to 1 (best).';
GRANT SELECT ON analytics.class_agreements TO columna_analyst;
