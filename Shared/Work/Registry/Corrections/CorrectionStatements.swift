import Persistence

/// Statements on corrected label maps, and on what is learned from them.
enum CorrectionStatements {
    // MARK: Submitting

    /// Job, tenant, study, author.
    static let record = Statement(
        "record_correction",
        """
        INSERT INTO columna.corrections (job, tenant, study, author, submitted_at)
        VALUES ($1, $2, $3, $4, columna.now())
        """)

    /// Study, tenant. Volume and label maps of the study, newest first.
    static let correctable = Statement(
        "correctable_labels",
        """
        SELECT
            link.role, link.address, artifact.byte_count, artifact.media_type, job.id AS job, job.finished_at AS made_at,
            CASE WHEN link.role <> 'truth' THEN job.parameters #>> '{order,model}' END AS model
        FROM columna.jobs AS job
        JOIN columna.job_artifacts AS link ON link.job = job.id AND link.direction = 'output'
        JOIN columna.artifacts AS artifact ON artifact.address = link.address
        WHERE job.study = $1 AND job.tenant = $2 AND link.role IN ('volume', 'label-map', 'unrepaired-label-map', 'truth')
        UNION ALL
        SELECT
            'corrected-labels', correction.labels, artifact.byte_count, artifact.media_type, correction.job, correction.submitted_at,
            correction.parent_model
        FROM columna.corrections AS correction
        JOIN columna.artifacts AS artifact ON artifact.address = correction.labels
        WHERE correction.study = $1 AND correction.tenant = $2 AND \(isStanding)
        ORDER BY made_at DESC, job DESC, role
        """)

    /// A repeat changes nothing.
    static let accept = FactStatements.statement(
        "accept_correction",
        """
        UPDATE columna.corrections AS correction
        SET
            volume = data ->> 'volume',
            labels = data ->> 'labels',
            parent = data ->> 'parent',
            parent_model = data ->> 'parentModel',
            voxels = (data ->> 'voxels')::bigint,
            changed_voxels = (data ->> 'changedVoxels')::bigint,
            changed_classes = ARRAY(SELECT jsonb_array_elements_text(data -> 'changedClasses')::integer),
            accepted_at = columna.now()
        FROM fact
        WHERE correction.job = fact.job AND correction.accepted_at IS NULL
        """)

    /// Whether a correction was not withdrawn.
    private static let isStanding =
        "NOT EXISTS (SELECT FROM columna.correction_withdrawals AS withdrawn WHERE withdrawn.correction = correction.job)"

    private static let columns = """
        correction.job, correction.tenant, correction.study, correction.author, correction.submitted_at, job.state::text AS state,
            correction.volume, correction.parent, correction.parent_model, correction.voxels, correction.changed_voxels,
            array_to_string(correction.changed_classes, ',') AS changed_classes, correction.accepted_at,
            'truth' AS role, correction.labels AS address, labels.byte_count, labels.media_type
        """

    /// Tenant (null: all), study (null: all), how many.
    static let list = Statement(
        "corrections",
        """
        SELECT
            \(columns),
            withdrawal.withdrawn_at,
            array_to_string(ARRAY(
                SELECT used.data_set
                FROM columna.correction_uses AS used
                WHERE used.correction = correction.job AND NOT used.is_held_out
                ORDER BY used.data_set COLLATE "C"
            ), ',') AS data_sets,
            array_to_string(ARRAY(
                SELECT used.data_set
                FROM columna.correction_uses AS used
                WHERE used.correction = correction.job AND used.is_held_out
                ORDER BY used.data_set COLLATE "C"
            ), ',') AS held_out_of
        FROM columna.corrections AS correction
        JOIN columna.jobs AS job ON job.id = correction.job
        LEFT JOIN columna.artifacts AS labels ON labels.address = correction.labels
        LEFT JOIN columna.correction_withdrawals AS withdrawal ON withdrawal.correction = correction.job
        WHERE ($1 IS NULL OR correction.tenant = $1) AND ($2::uuid IS NULL OR correction.study = $2)
        ORDER BY correction.submitted_at DESC, correction.job
        LIMIT $3
        """)

    // MARK: Withdrawing

    /// Job. Nothing where it brought no correction that was accepted.
    static let lockAccepted = Statement(
        "lock_accepted_correction",
        """
        SELECT correction.tenant, NOT \(isStanding) AS is_withdrawn
        FROM columna.corrections AS correction
        WHERE correction.job = $1 AND correction.accepted_at IS NOT NULL
        FOR UPDATE
        """)

    /// Job, actor. A repeat changes nothing.
    static let withdraw = Statement(
        "withdraw_correction",
        """
        INSERT INTO columna.correction_withdrawals (correction, actor, withdrawn_at)
        VALUES ($1, $2, columna.now())
        ON CONFLICT DO NOTHING
        """)

    /// Job. What has learned from it, by data set: a version a line, null where there is none.
    static let learners = Statement(
        "learners_from_correction",
        """
        SELECT used.data_set, version.name || '@' || version.version AS version, version.version IS NOT DISTINCT FROM model.promoted_version AS is_promoted
        FROM columna.correction_uses AS used
        LEFT JOIN columna.jobs AS training
            ON training.tenant = used.tenant AND training.kind = 'train-model' AND training.parameters ->> 'dataSet' = used.data_set
        LEFT JOIN columna.model_versions AS version ON version.job = training.id
        LEFT JOIN columna.models AS model ON model.name = version.name
        WHERE used.correction = $1 AND NOT used.is_held_out
        ORDER BY used.data_set COLLATE "C", version.name COLLATE "C", version.version
        """)

    /// Tenant. Addresses of labels that no correction that stands has brought, too.
    static let withdrawnLabels = Statement(
        "withdrawn_labels",
        """
        SELECT correction.labels
        FROM columna.corrections AS correction
        WHERE correction.tenant = $1
        GROUP BY correction.labels
        HAVING correction.labels IS NOT NULL AND NOT bool_or(\(isStanding))
        """)

    // MARK: Data sets

    /// Whether a correction's study is one that models are judged on: its CT, or another series of its study, is a case
    /// of the data set (`$1` tenant, `$2` data set) outside of train and val.
    private static let isHeldOut = """
        EXISTS (
            SELECT
            FROM columna.data_set_cases AS case_row
            JOIN columna.job_artifacts AS source
                ON source.job = case_row.job AND source.direction = 'input' AND source.role = 'volume'
            JOIN columna.jobs AS maker ON maker.id = case_row.job
            LEFT JOIN columna.case_imports AS ordered
                ON ordered.tenant = case_row.tenant AND ordered.data_set = case_row.data_set AND ordered.case_name = case_row.name
            LEFT JOIN columna.volumes AS described ON described.study = coalesce(maker.study, ordered.study)
            LEFT JOIN columna.volumes AS own ON own.study = correction.study
            WHERE case_row.tenant = $1 AND case_row.data_set = $2 AND case_row.split NOT IN ('train', 'val')
                AND (source.address = correction.volume OR described.description ->> 'studyHash' = own.description ->> 'studyHash')
        )
        """

    /// Tenant, base, data set, model. Of each CT the newest correction of what the model segmented.
    static let use = Statement(
        "use_corrections",
        """
        INSERT INTO columna.correction_uses (tenant, data_set, correction, is_held_out)
        SELECT newest.tenant, $3, newest.job, newest.is_held_out
        FROM (
            SELECT DISTINCT ON (correction.volume) correction.tenant, correction.job, \(isHeldOut) AS is_held_out
            FROM columna.corrections AS correction
            WHERE correction.tenant = $1 AND correction.accepted_at IS NOT NULL AND \(isStanding)
                AND split_part(correction.parent_model, '@', 1) = $4
            ORDER BY correction.volume, correction.submitted_at DESC, correction.job
        ) AS newest
        """)

    /// Tenant, data set.
    static let used = Statement(
        "used_corrections",
        """
        SELECT correction.job, correction.study, volume.address AS volume, volume.byte_count AS volume_byte_count,
            volume.media_type AS volume_media_type, used.is_held_out,
            'truth' AS role, labels.address, labels.byte_count, labels.media_type
        FROM columna.correction_uses AS used
        JOIN columna.corrections AS correction ON correction.job = used.correction
        JOIN columna.artifacts AS volume ON volume.address = correction.volume
        JOIN columna.artifacts AS labels ON labels.address = correction.labels
        WHERE used.tenant = $1 AND used.data_set = $2
        ORDER BY correction.study, correction.job
        """)

    /// Tenant, from, to, names. A case that is there stays.
    static let copyCases = Statement(
        "copy_cases",
        """
        INSERT INTO columna.data_set_cases (tenant, data_set, name, image, image_role, label, label_role, plan_digest, job, added_at, split)
        SELECT tenant, $3, name, image, image_role, label, label_role, plan_digest, job, columna.now(), split
        FROM columna.data_set_cases
        WHERE tenant = $1 AND data_set = $2 AND name = ANY($4)
        ON CONFLICT DO NOTHING
        """)

    /// Network-ready images: the CTs that they were made of.
    static let volumesOfImages = Statement(
        "volumes_of_images",
        """
        SELECT DISTINCT source.address
        FROM columna.job_artifacts AS made
        JOIN columna.job_artifacts AS source ON source.job = made.job AND source.direction = 'input' AND source.role = 'volume'
        WHERE made.address = ANY($1) AND made.direction = 'output'
        """)

    // MARK: Policies

    /// Tenant, model, data set, split, number, recipe, actor, whether for all tenants, who judges.
    static let setPolicy = Statement(
        "set_correction_policy",
        """
        INSERT INTO columna.correction_policies (
            tenant, model, data_set, split, after_corrections, recipe, actor, set_at, for_all_tenants, judges)
        VALUES ($1, $2, $3, $4, $5::bigint::integer, $6, $7, columna.now(), $8, $9)
        ON CONFLICT (tenant, model) DO UPDATE
        SET \(Statement.excluded(
            "data_set", "split", "after_corrections", "recipe", "actor", "set_at", "for_all_tenants", "judges"))
        """)

    /// Tenant, model.
    static let removePolicy = Statement(
        "remove_correction_policy",
        """
        DELETE FROM columna.correction_policies
        WHERE tenant = $1 AND model = $2
        RETURNING model
        """)

    private static let policyColumns = """
        tenant, model, data_set, split, after_corrections::bigint AS after_corrections, recipe::text AS recipe, for_all_tenants,
            judges::text AS judges
        """

    /// Tenant (null: all).
    static let policies = Statement(
        "correction_policies",
        """
        SELECT \(policyColumns)
        FROM columna.correction_policies
        WHERE $1 IS NULL OR tenant = $1
        ORDER BY tenant, model
        """)

    /// Tenant, model: how many other tenants have studies that it segmented or is to, whichever version does. An index is
    /// hopped along from tenant to tenant.
    static let otherTenants = Statement(
        "other_tenants_of_model",
        """
        WITH RECURSIVE tenants AS (
            SELECT (SELECT min(tenant) FROM columna.jobs WHERE \(segmentsFor("$2"))) AS name
            UNION ALL
            SELECT (SELECT min(tenant) FROM columna.jobs WHERE \(segmentsFor("$2")) AND tenant > tenants.name)
            FROM tenants
            WHERE tenants.name IS NOT NULL
        )
        SELECT count(*) AS tenants
        FROM tenants
        WHERE name <> $1
        """)

    private static func segmentsFor(_ model: String) -> String {
        "kind = 'segment-volume' AND study IS NOT NULL AND split_part(parameters #>> '{order,model}', '@', 1) = \(model)"
    }

    /// Tenant, model: who begins a round waits for the others.
    static let lockPolicy = Statement(
        "lock_correction_policy",
        """
        SELECT \(policyColumns)
        FROM columna.correction_policies
        WHERE tenant = $1 AND model = $2
        FOR UPDATE
        """)

    /// Tenant, base, model: how many CTs have corrections that no round has counted and that may be learned from. Read in
    /// a statement of its own after the lock, so that it sees what was written while it waited.
    static let pending = Statement(
        "pending_corrections",
        """
        SELECT count(DISTINCT correction.volume) AS pending
        FROM columna.corrections AS correction
        WHERE correction.tenant = $1 AND split_part(correction.parent_model, '@', 1) = $3 AND correction.accepted_at IS NOT NULL
            AND \(isStanding)
            AND NOT EXISTS (SELECT FROM columna.correction_round_members AS member WHERE member.correction = correction.job)
            AND NOT \(isHeldOut)
        """)

    // MARK: Rounds

    private static let roundColumns = """
        tenant, model, round::bigint AS round, data_set, base, split, begins_with, recipe::text AS recipe, for_all_tenants,
            judges::text AS judges
        """

    /// Job.
    static let roundOfJob = Statement(
        "correction_round_of_job",
        """
        SELECT \(roundColumns)
        FROM columna.correction_rounds
        WHERE job = $1
        """)

    /// Tenant, model, number.
    static let round = Statement(
        "correction_round",
        """
        SELECT \(roundColumns)
        FROM columna.correction_rounds
        WHERE tenant = $1 AND model = $2 AND round = $3
        """)

    /// Tenant, model, version that it begins with, job. Under the policy's lock. Its number is the first after those of
    /// the rounds that there are by which neither a data set goes nor a job: people name data sets as they like, and the
    /// rounds before may have been lost on a way down.
    static let openRound = Statement(
        "open_correction_round",
        """
        INSERT INTO columna.correction_rounds (
            tenant, model, round, data_set, base, split, begins_with, recipe, job, opened_at, for_all_tenants, judges)
        SELECT
            policy.tenant, policy.model, number.next, policy.model || '-corrected-' || number.next, policy.data_set, policy.split, $3,
            policy.recipe, $4, columna.now(), policy.for_all_tenants, policy.judges
        FROM columna.correction_policies AS policy
        CROSS JOIN LATERAL (
            WITH RECURSIVE tried AS (
                SELECT coalesce(max(former.round), 0) + 1 AS round
                FROM columna.correction_rounds AS former
                WHERE former.tenant = policy.tenant AND former.model = policy.model
                UNION ALL
                SELECT round + 1
                FROM tried
                WHERE \(isTaken(dataSet: "policy.model || '-corrected-' || round", tenant: "policy.tenant"))
                    OR EXISTS (
                        SELECT
                        FROM columna.jobs AS job
                        WHERE job.tenant = policy.tenant AND job.kind = 'learn-from-corrections'
                            AND job.deduplication_key = 'corrections/' || policy.model || '/' || round || '/begin-training')
            )
            SELECT max(round) AS next
            FROM tried
        ) AS number
        WHERE policy.tenant = $1 AND policy.model = $2
        RETURNING \(roundColumns)
        """)

    /// Whether a data set has cases or is to have some.
    private static func isTaken(dataSet: String, tenant: String) -> String {
        ["data_set_cases", "case_imports", "correction_uses"].map { table in
            "EXISTS (SELECT FROM columna.\(table) AS named WHERE named.tenant = \(tenant) AND named.data_set = \(dataSet))"
        }.joined(separator: " OR ")
    }

    /// Tenant, model, number. All that are new, of held-out studies too.
    static let countMembers = Statement(
        "count_correction_round_members",
        """
        INSERT INTO columna.correction_round_members (correction, tenant, model, round)
        SELECT correction.job, $1, $2, $3::bigint::integer
        FROM columna.corrections AS correction
        WHERE correction.tenant = $1 AND split_part(correction.parent_model, '@', 1) = $2 AND correction.accepted_at IS NOT NULL
            AND \(isStanding)
            AND NOT EXISTS (SELECT FROM columna.correction_round_members AS member WHERE member.correction = correction.job)
        """)

    /// Tenant, model, number: all that it counted count again for the next.
    static let releaseMembers = Statement(
        "release_correction_round_members",
        """
        DELETE FROM columna.correction_round_members
        WHERE tenant = $1 AND model = $2 AND round = $3
        """)

    /// Tenant, data set: none of the corrections that it learns from is withdrawn until the transaction ends.
    static let holdUsed = Statement(
        "hold_used_corrections",
        """
        SELECT correction.job
        FROM columna.correction_uses AS used
        JOIN columna.corrections AS correction ON correction.job = used.correction
        WHERE used.tenant = $1 AND used.data_set = $2 AND NOT used.is_held_out
        ORDER BY correction.job
        FOR SHARE OF correction
        """)

    /// Tenant, data set: whether it learns from a correction that was withdrawn.
    static let isTainted = Statement(
        "learns_from_withdrawn_correction",
        """
        SELECT EXISTS (
            SELECT
            FROM columna.correction_uses AS used
            JOIN columna.correction_withdrawals AS withdrawn ON withdrawn.correction = used.correction
            WHERE used.tenant = $1 AND used.data_set = $2 AND NOT used.is_held_out
        ) AS is_tainted
        """)

    /// Tenant (null: all), model (null: all).
    static let rounds = Statement(
        "correction_rounds",
        """
        SELECT
            tenant, model, round::bigint AS round, begins_with, data_set, new_corrections, training, candidate, state, held_against,
            pairs::bigint AS pairs, mean_difference, p, opened_at
        FROM analytics.correction_rounds
        WHERE ($1 IS NULL OR tenant = $1) AND ($2 IS NULL OR model = $2)
        ORDER BY opened_at DESC
        """)
}
