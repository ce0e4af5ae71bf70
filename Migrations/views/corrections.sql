CREATE OR REPLACE VIEW analytics.corrections AS
SELECT
    correction.job,
    correction.tenant,
    correction.study,
    job.state::text AS state,
    correction.submitted_at,
    correction.accepted_at,
    correction.volume,
    correction.labels,
    correction.parent,
    correction.parent_model,
    correction.voxels,
    correction.changed_voxels,
    correction.changed_classes,
    ARRAY(
        SELECT used.data_set
        FROM columna.correction_uses AS used
        WHERE used.correction = correction.job AND NOT used.is_held_out
        ORDER BY used.data_set COLLATE "C"
    ) AS data_sets,
    EXISTS (SELECT FROM columna.correction_uses AS used WHERE used.correction = correction.job AND used.is_held_out) AS is_held_out,
    withdrawal.withdrawn_at
FROM columna.corrections AS correction
JOIN columna.jobs AS job ON job.id = correction.job
LEFT JOIN columna.correction_withdrawals AS withdrawal ON withdrawal.correction = correction.job;
COMMENT ON VIEW analytics.corrections IS 'Every label map that somebody submitted for a study in place of the one it had. Who did is not shown.';
COMMENT ON COLUMN analytics.corrections.job IS 'The job that read it, which is its name.';
COMMENT ON COLUMN analytics.corrections.tenant IS 'Whose study.';
COMMENT ON COLUMN analytics.corrections.study IS 'The study whose labels were corrected, as the sender named it.';
COMMENT ON COLUMN analytics.corrections.state IS 'Of the job; succeeded: accepted.';
COMMENT ON COLUMN analytics.corrections.submitted_at IS 'When; of one CT the newest is learned from.';
COMMENT ON COLUMN analytics.corrections.accepted_at IS 'When; null with what follows: not read yet, or not accepted.';
COMMENT ON COLUMN analytics.corrections.volume IS 'Address of the CT.';
COMMENT ON COLUMN analytics.corrections.labels IS 'Address of the corrected label map.';
COMMENT ON COLUMN analytics.corrections.parent IS 'Address of the label map that was corrected.';
COMMENT ON COLUMN analytics.corrections.parent_model IS 'NAME@VERSION that made the parent, or what it was corrected from; null: a ground truth.';
COMMENT ON COLUMN analytics.corrections.voxels IS 'With a label, at least 1.';
COMMENT ON COLUMN analytics.corrections.changed_voxels IS 'Whose label is another than in the parent, at least 1.';
COMMENT ON COLUMN analytics.corrections.changed_classes IS 'Labels that lost or gained voxels, without background.';
COMMENT ON COLUMN analytics.corrections.data_sets IS 'Data sets that learn from it; empty: none yet, or only from a newer one of the same CT.';
COMMENT ON COLUMN analytics.corrections.is_held_out IS 'Whether it was kept out of a data set because models are judged on its study there.';
COMMENT ON COLUMN analytics.corrections.withdrawn_at IS 'Since when no data set is made with it any more; null: it stands.';
GRANT SELECT ON analytics.corrections TO columna_analyst;
