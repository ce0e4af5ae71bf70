CREATE OR REPLACE VIEW analytics.model_comparison AS
SELECT
    compared.comparison,
    first.tenant,
    comparison.a AS evaluation_a,
    comparison.b AS evaluation_b,
    first.data_set AS data_set_a,
    second.data_set AS data_set_b,
    first.split AS split_a,
    second.split AS split_b,
    first.model_name || '@' || first.model_version AS model_a,
    second.model_name || '@' || second.model_version AS model_b,
    compared.metric,
    compared.class_value,
    compared.class_name,
    compared.a_n,
    compared.a_mean,
    compared.a_standard_deviation,
    compared.b_n,
    compared.b_mean,
    compared.b_standard_deviation,
    compared.pairs,
    compared.mean_difference,
    compared.effect_size,
    compared.student_t,
    compared.student_p,
    compared.student_lower,
    compared.student_upper,
    compared.welch_t,
    compared.welch_degrees_of_freedom,
    compared.welch_p,
    compared.welch_lower,
    compared.welch_upper,
    compared.paired_t,
    compared.paired_p,
    compared.paired_p_holm,
    compared.paired_lower,
    compared.paired_upper,
    compared.wilcoxon_w,
    compared.wilcoxon_p,
    compared.wilcoxon_p_holm,
    first.code_version AS code_version_a,
    second.code_version AS code_version_b,
    first.options::jsonb ->> 'emptyClasses' AS empty_class_policy
FROM columna.metric_comparisons AS compared
JOIN columna.comparisons AS comparison ON comparison.id = compared.comparison
JOIN columna.evaluations AS first ON first.id = comparison.a
JOIN columna.evaluations AS second ON second.id = comparison.b;
COMMENT ON VIEW analytics.model_comparison IS 'Two models on the same question: each metric of the first (a) minus the second (b), unpaired as papers do and paired as the cases are.';
COMMENT ON COLUMN analytics.model_comparison.comparison IS 'Id of the comparison.';
COMMENT ON COLUMN analytics.model_comparison.tenant IS 'Whose evaluations they are.';
COMMENT ON COLUMN analytics.model_comparison.evaluation_a IS 'First evaluation.';
COMMENT ON COLUMN analytics.model_comparison.evaluation_b IS 'Second evaluation.';
COMMENT ON COLUMN analytics.model_comparison.data_set_a IS 'Data set of the first.';
COMMENT ON COLUMN analytics.model_comparison.data_set_b IS 'Data set of the second.';
COMMENT ON COLUMN analytics.model_comparison.split_a IS 'Split of the first.';
COMMENT ON COLUMN analytics.model_comparison.split_b IS 'Split of the second.';
COMMENT ON COLUMN analytics.model_comparison.model_a IS 'NAME@VERSION of the first.';
COMMENT ON COLUMN analytics.model_comparison.model_b IS 'NAME@VERSION of the second.';
COMMENT ON COLUMN analytics.model_comparison.metric IS 'Name of the metric: a column of analytics.case_metrics.';
COMMENT ON COLUMN analytics.model_comparison.class_value IS 'Class; null: over classes.';
COMMENT ON COLUMN analytics.model_comparison.class_name IS 'Name of the class; null: over classes.';
COMMENT ON COLUMN analytics.model_comparison.a_n IS 'Cases of the first that have a value.';
COMMENT ON COLUMN analytics.model_comparison.a_mean IS 'Mean of the first.';
COMMENT ON COLUMN analytics.model_comparison.a_standard_deviation IS 'Standard deviation of the first (n − 1).';
COMMENT ON COLUMN analytics.model_comparison.b_n IS 'Cases of the second that have a value.';
COMMENT ON COLUMN analytics.model_comparison.b_mean IS 'Mean of the second.';
COMMENT ON COLUMN analytics.model_comparison.b_standard_deviation IS 'Standard deviation of the second (n − 1).';
COMMENT ON COLUMN analytics.model_comparison.pairs IS 'Cases that both have a value for.';
COMMENT ON COLUMN analytics.model_comparison.mean_difference IS 'Mean of a − b over the pairs, in the metric''s unit.';
COMMENT ON COLUMN analytics.model_comparison.effect_size IS 'Cohen''s d of the pairs: mean of the differences over their standard deviation; no bounds, 0 for none.';
COMMENT ON COLUMN analytics.model_comparison.student_t IS 'Unpaired Student''s t (pooled variance), degrees of freedom a_n + b_n − 2.';
COMMENT ON COLUMN analytics.model_comparison.student_p IS 'Its two-sided p value, 0 to 1.';
COMMENT ON COLUMN analytics.model_comparison.student_lower IS 'Lower end of the 95 % interval of the difference of means.';
COMMENT ON COLUMN analytics.model_comparison.student_upper IS 'Upper end of the same.';
COMMENT ON COLUMN analytics.model_comparison.welch_t IS 'Welch''s t.';
COMMENT ON COLUMN analytics.model_comparison.welch_degrees_of_freedom IS 'Welch''s degrees of freedom.';
COMMENT ON COLUMN analytics.model_comparison.welch_p IS 'Its two-sided p value, 0 to 1.';
COMMENT ON COLUMN analytics.model_comparison.welch_lower IS 'Lower end of the 95 % interval of the difference of means.';
COMMENT ON COLUMN analytics.model_comparison.welch_upper IS 'Upper end of the same.';
COMMENT ON COLUMN analytics.model_comparison.paired_t IS 't of the paired test, degrees of freedom pairs − 1.';
COMMENT ON COLUMN analytics.model_comparison.paired_p IS 'Its two-sided p value, 0 to 1.';
COMMENT ON COLUMN analytics.model_comparison.paired_p_holm IS 'The same adjusted by Holm over the classes of the metric; null over classes.';
COMMENT ON COLUMN analytics.model_comparison.paired_lower IS 'Lower end of the 95 % interval of the mean difference of the pairs.';
COMMENT ON COLUMN analytics.model_comparison.paired_upper IS 'Upper end of the same.';
COMMENT ON COLUMN analytics.model_comparison.wilcoxon_w IS 'Wilcoxon''s signed-rank sum of the positive differences.';
COMMENT ON COLUMN analytics.model_comparison.wilcoxon_p IS 'Its two-sided p value, 0 to 1.';
COMMENT ON COLUMN analytics.model_comparison.wilcoxon_p_holm IS 'The same adjusted by Holm over the classes of the metric; null over classes.';
COMMENT ON COLUMN analytics.model_comparison.code_version_a IS 'Release and revisions of segmentation and metrics of the first.';
COMMENT ON COLUMN analytics.model_comparison.code_version_b IS 'The same of the second.';
COMMENT ON COLUMN analytics.model_comparison.empty_class_policy IS 'What ratios say of classes that a map lacks, in both: undefined, monai, nnu-net or miseval.';
GRANT SELECT ON analytics.model_comparison TO columna_analyst;
