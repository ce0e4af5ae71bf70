CREATE OR REPLACE VIEW analytics.correction_rounds AS
SELECT
    round.tenant,
    round.model,
    round.round,
    round.begins_with,
    round.base,
    round.data_set,
    round.split,
    (SELECT count(*) FROM columna.correction_round_members AS member
        WHERE (member.tenant, member.model, member.round) = (round.tenant, round.model, round.round)) AS new_corrections,
    training.id AS training,
    version.name || '@' || version.version AS candidate,
    CASE
        WHEN gate.is_passed THEN 'promoted'
        WHEN stuck.state IS NOT NULL THEN stuck.state
        WHEN EXISTS (SELECT FROM columna.jobs AS open WHERE open.tenant = round.tenant AND open.kind IN ('learn-from-corrections', 'train-model')
            AND starts_with(open.deduplication_key, 'corrections/' || round.model || '/' || round.round || '/')
            AND open.state IN ('waiting', 'queued', 'running')) THEN 'under-way'
        WHEN gate.is_passed IS NOT NULL THEN 'not-promoted'
        WHEN EXISTS (SELECT FROM columna.correction_uses AS used JOIN columna.correction_withdrawals AS withdrawn ON withdrawn.correction = used.correction
            WHERE used.tenant = round.tenant AND used.data_set = round.data_set AND NOT used.is_held_out) THEN 'withdrawn'
        ELSE 'under-way'
    END AS state,
    gate.standing AS held_against,
    gate.pairs,
    gate.mean_difference,
    gate.p,
    round.opened_at,
    gate.decided_at
FROM columna.correction_rounds AS round
LEFT JOIN columna.jobs AS training ON training.tenant = round.tenant AND training.kind = 'train-model'
    AND training.deduplication_key = 'corrections/' || round.model || '/' || round.round || '/train'
LEFT JOIN columna.model_versions AS version ON version.job = training.id AND coalesce(version.variant, 'best') = 'best'
LEFT JOIN LATERAL (
    SELECT decided.is_passed, decided.name || '@' || decided.standing AS standing, decided.pairs, decided.mean_difference, decided.p, decided.decided_at
    FROM columna.model_gates AS decided
    WHERE decided.name = version.name AND decided.candidate = version.version AND decided.job IS NOT NULL
    ORDER BY decided.position DESC
    LIMIT 1
) AS gate ON true
LEFT JOIN LATERAL (
    SELECT ended.state::text AS state
    FROM columna.jobs AS ended
    WHERE (ended.id = round.job OR ended.tenant = round.tenant AND ended.kind IN ('learn-from-corrections', 'train-model')
            AND starts_with(ended.deduplication_key, 'corrections/' || round.model || '/' || round.round || '/'))
        AND ended.state IN ('dead', 'cancelled')
    ORDER BY ended.state, ended.created_at
    LIMIT 1
) AS stuck ON true;
COMMENT ON VIEW analytics.correction_rounds IS 'Every fine-tuning that corrections began, and what its gate decided.';
COMMENT ON COLUMN analytics.correction_rounds.tenant IS 'Whose corrections.';
COMMENT ON COLUMN analytics.correction_rounds.model IS 'Name of the model.';
COMMENT ON COLUMN analytics.correction_rounds.round IS 'From 1, of the tenant and model.';
COMMENT ON COLUMN analytics.correction_rounds.begins_with IS 'NAME@VERSION whose weights it began with.';
COMMENT ON COLUMN analytics.correction_rounds.base IS 'Data set whose cases it learned from beside the corrected ones, and on whose held-out cases it was judged.';
COMMENT ON COLUMN analytics.correction_rounds.data_set IS 'The two together, made for it.';
COMMENT ON COLUMN analytics.correction_rounds.split IS 'Of base, the cases that decided.';
COMMENT ON COLUMN analytics.correction_rounds.new_corrections IS 'Corrections that no round before had counted; of a withdrawn one none, they count again.';
COMMENT ON COLUMN analytics.correction_rounds.training IS 'The training job; null: not ordered yet.';
COMMENT ON COLUMN analytics.correction_rounds.candidate IS 'NAME@VERSION that it made; null: not yet.';
COMMENT ON COLUMN analytics.correction_rounds.state IS 'under-way, promoted, not-promoted; withdrawn: a correction that it learns from was, so that it ended; dead or cancelled: one of its jobs ended so, replay it.';
COMMENT ON COLUMN analytics.correction_rounds.held_against IS 'NAME@VERSION that was promoted when it was judged; null with what follows: not judged yet.';
COMMENT ON COLUMN analytics.correction_rounds.pairs IS 'Held-out cases that both have a value for.';
COMMENT ON COLUMN analytics.correction_rounds.mean_difference IS 'Over the pairs, of the mean Dice over the classes in truth; above 0: the new version is better.';
COMMENT ON COLUMN analytics.correction_rounds.p IS 'Two-sided, of the paired t-test; null: undefined.';
COMMENT ON COLUMN analytics.correction_rounds.opened_at IS 'When it began.';
COMMENT ON COLUMN analytics.correction_rounds.decided_at IS 'When.';
GRANT SELECT ON analytics.correction_rounds TO columna_analyst;
