CREATE OR REPLACE VIEW analytics.model_gates AS
SELECT
    gate.name,
    gate.name || '@' || gate.candidate AS candidate,
    gate.name || '@' || gate.standing AS standing,
    gate.comparison,
    gate.data_set,
    gate.split,
    gate.pairs,
    gate.mean_difference,
    gate.p,
    gate.significance,
    gate.is_passed,
    gate.actor,
    gate.decided_at,
    gate.job
FROM columna.model_gates AS gate;
COMMENT ON VIEW analytics.model_gates IS 'Every version that was to be promoted unless it is worse than the promoted one, with the figures that decided.';
COMMENT ON COLUMN analytics.model_gates.name IS 'Of the model.';
COMMENT ON COLUMN analytics.model_gates.candidate IS 'NAME@VERSION that was to be promoted.';
COMMENT ON COLUMN analytics.model_gates.standing IS 'NAME@VERSION that was promoted then.';
COMMENT ON COLUMN analytics.model_gates.comparison IS 'Candidate minus standing; model_comparison has all its metrics.';
COMMENT ON COLUMN analytics.model_gates.data_set IS 'Whose held-out cases both were measured on.';
COMMENT ON COLUMN analytics.model_gates.split IS 'Which of its cases.';
COMMENT ON COLUMN analytics.model_gates.pairs IS 'Cases that both have a value for.';
COMMENT ON COLUMN analytics.model_gates.mean_difference IS 'Over the pairs, of the mean Dice over the classes in truth; −1 to 1, above 0: the candidate is better; null without pairs.';
COMMENT ON COLUMN analytics.model_gates.p IS 'Two-sided, of the paired t-test; null: undefined (fewer than two pairs, or differences that are all the same).';
COMMENT ON COLUMN analytics.model_gates.significance IS 'Below it a lower mean counts as worse.';
COMMENT ON COLUMN analytics.model_gates.is_passed IS 'Whether it was promoted: it is not worse, and no other version was promoted while both were measured.';
COMMENT ON COLUMN analytics.model_gates.actor IS 'Who asked for it.';
COMMENT ON COLUMN analytics.model_gates.decided_at IS 'When.';
COMMENT ON COLUMN analytics.model_gates.job IS 'The job that decided after a fine-tuning on corrections; null: somebody asked.';
GRANT SELECT ON analytics.model_gates TO columna_analyst;
