import JobEngine
import Persistence
import Studies

/// Statements on models, data sets and metrics.
enum CatalogStatements {
    /// Address, byte count, media type: for weights that no job wrote.
    static let recordArtifact = Statement(
        "record_artifact",
        """
        INSERT INTO columna.artifacts (address, byte_count, media_type)
        VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING
        """)

    /// Job, `ModelRegistration` as JSON. The row of `models` is the lock under which versions count 1, 2, 3 …; a job that
    /// registered its model already gets no second version.
    static let registerModel = Statement(
        "register_model",
        """
        WITH fact AS (
            SELECT $1::uuid AS job, $2::jsonb -> 'draft' AS draft, $2::jsonb ->> 'event' AS event
        ),
        model AS (
            INSERT INTO columna.models AS model (name, newest_version)
            SELECT fact.draft ->> 'name', 1
            FROM fact
            WHERE NOT EXISTS (
                SELECT
                FROM columna.model_versions AS version
                WHERE version.job = fact.job AND coalesce(version.variant, 'best') = coalesce(fact.draft ->> 'variant', 'best')
            )
            ON CONFLICT (name) DO UPDATE
            SET newest_version = model.newest_version + 1
            RETURNING name, newest_version
        ),
        version AS (
            INSERT INTO columna.model_versions (
                name, version, weights, weights_role, plan, recipe, data_set, validation_dice, job, created_at, variant)
            SELECT
                model.name, model.newest_version, draft #>> '{weights,address}', draft #>> '{weights,role}', (draft ->> 'planJSON')::json,
                (draft ->> 'recipeJSON')::json, draft ->> 'dataSet', (draft ->> 'validationDice')::double precision, fact.job,
                columna.now(), draft ->> 'variant'
            FROM model
            CROSS JOIN fact
            RETURNING name, version, weights, validation_dice, variant
        ),
        event AS (
            INSERT INTO columna.outbox (occurred_at, exchange, routing_key, type, subject, data)
            SELECT
                columna.now(), 'columna.events', 'model.' || fact.event, 'columna.model.' || fact.event,
                version.name || '@' || version.version,
                jsonb_strip_nulls(jsonb_build_object(
                    'model', version.name, 'version', version.version, 'weights', version.weights, 'job', fact.job,
                    'validationDice', version.validation_dice, 'variant', version.variant))
            FROM version
            CROSS JOIN fact
        )
        SELECT version::bigint AS version
        FROM version
        """)

    /// Name, version, actor.
    static let promoteModel = Statement(
        "promote_model",
        """
        WITH model AS (
            UPDATE columna.models AS model
            SET promoted_version = version.version
            FROM columna.model_versions AS version
            WHERE model.name = $1 AND version.name = $1 AND version.version = $2
            RETURNING model.name, model.promoted_version
        ),
        promotion AS (
            INSERT INTO columna.model_promotions (name, version, actor, promoted_at)
            SELECT model.name, model.promoted_version, $3, columna.now()
            FROM model
            WHERE model.promoted_version IS DISTINCT FROM (
                SELECT former.version
                FROM columna.model_promotions AS former
                WHERE former.name = $1 AND former.withdrawn_at IS NULL
                ORDER BY former.position DESC
                LIMIT 1
            )
        ),
        event AS (
            INSERT INTO columna.outbox (occurred_at, exchange, routing_key, type, subject, data)
            SELECT
                columna.now(), 'columna.events', 'model.promoted', 'columna.model.promoted', name || '@' || promoted_version,
                jsonb_build_object('model', name, 'version', promoted_version)
            FROM model
        )
        SELECT name
        FROM model
        """)

    /// Name, candidate, standing, comparison, data set, split, pairs, mean difference, p, significance, whether it is
    /// promoted, actor, job.
    static let recordGate = Statement(
        "record_gate",
        """
        INSERT INTO columna.model_gates (
            name, candidate, standing, comparison, data_set, split, pairs, mean_difference, p, significance, is_passed, actor, decided_at, job)
        VALUES ($1, $2::bigint::integer, $3::bigint::integer, $4, $5, $6, $7::bigint::integer, $8, $9, $10, $11, $12, columna.now(), $13)
        """)

    /// Job.
    static let gateOfJob = Statement(
        "gate_of_job",
        """
        SELECT is_passed
        FROM columna.model_gates
        WHERE job = $1
        """)

    private static let gateColumns =
        "name, candidate::bigint AS candidate, standing::bigint AS standing, comparison, data_set, split, pairs::bigint AS pairs, mean_difference, p, is_passed, actor, decided_at, job"

    /// Name. Newest first.
    static let gates = Statement(
        "model_gates",
        """
        SELECT \(gateColumns)
        FROM columna.model_gates
        WHERE $1 IS NULL OR name = $1
        ORDER BY position DESC
        """)

    /// Name: whoever changes what it means waits for the others.
    static let lockModel = Statement(
        "lock_model",
        """
        SELECT promoted_version::bigint AS promoted
        FROM columna.models
        WHERE name = $1
        FOR UPDATE
        """)

    /// Name. Nothing where no other version was promoted before the present one.
    static let rollBackModel = Statement(
        "roll_back_model",
        """
        WITH former AS (
            SELECT model.name, model.promoted_version AS withdrawn, promotion.version, promotion.position
            FROM columna.models AS model
            JOIN columna.model_promotions AS promotion ON promotion.name = model.name
            WHERE model.name = $1 AND promotion.withdrawn_at IS NULL AND promotion.version <> model.promoted_version
            ORDER BY promotion.position DESC
            LIMIT 1
        ),
        withdrawal AS (
            UPDATE columna.model_promotions AS promotion
            SET withdrawn_at = columna.now()
            FROM former
            WHERE promotion.name = former.name AND promotion.position > former.position AND promotion.withdrawn_at IS NULL
        ),
        model AS (
            UPDATE columna.models AS model
            SET promoted_version = former.version
            FROM former
            WHERE model.name = former.name
        ),
        event AS (
            INSERT INTO columna.outbox (occurred_at, exchange, routing_key, type, subject, data)
            SELECT
                columna.now(), 'columna.events', 'model.promoted', 'columna.model.promoted', name || '@' || version,
                jsonb_build_object('model', name, 'version', version)
            FROM former
        )
        SELECT withdrawn::bigint AS withdrawn, version::bigint AS standing
        FROM former
        """)

    private static let versionColumns = """
        version.name, version.version, version.weights AS address, version.weights_role AS role, artifact.byte_count,
            artifact.media_type, version.plan, version.recipe, version.data_set, version.validation_dice,
            version.version IS NOT DISTINCT FROM model.promoted_version AS is_promoted, version.job, version.created_at, version.variant
        """

    /// Name, version (null: the promoted one).
    static let modelVersion = Statement(
        "model_version",
        """
        SELECT \(versionColumns)
        FROM columna.models AS model
        JOIN columna.model_versions AS version
            ON version.name = model.name AND version.version = coalesce($2, model.promoted_version)
        JOIN columna.artifacts AS artifact ON artifact.address = version.weights
        WHERE model.name = $1
        """)

    static let modelVersions = Statement(
        "model_versions",
        """
        SELECT \(versionColumns)
        FROM columna.model_versions AS version
        JOIN columna.models AS model ON model.name = version.name
        JOIN columna.artifacts AS artifact ON artifact.address = version.weights
        ORDER BY version.created_at DESC, version.name, version.version DESC
        """)

    /// Job.
    static let modelsOfJob = Statement(
        "models_of_job",
        """
        SELECT \(versionColumns)
        FROM columna.model_versions AS version
        JOIN columna.models AS model ON model.name = version.name
        JOIN columna.artifacts AS artifact ON artifact.address = version.weights
        WHERE version.job = $1
        ORDER BY version.version
        """)

    static let caseColumns = """
        case_row.data_set, case_row.name, case_row.tenant, case_row.plan_digest, case_row.split, case_row.image, case_row.image_role,
            case_row.label, case_row.label_role, image.byte_count AS image_byte_count, image.media_type AS image_media_type,
            label.byte_count AS label_byte_count, label.media_type AS label_media_type
        """

    static let casesWithArtifacts = """
        columna.data_set_cases AS case_row
        JOIN columna.artifacts AS image ON image.address = case_row.image
        JOIN columna.artifacts AS label ON label.address = case_row.label
        """

    /// Data set, tenant, split (null: all).
    static let cases = Statement(
        "cases",
        """
        SELECT
            \(caseColumns)
        FROM \(casesWithArtifacts)
        WHERE case_row.data_set = $1 AND case_row.tenant = $2 AND ($3 IS NULL OR case_row.split = $3)
        ORDER BY case_row.name COLLATE "C"
        """)

    /// Tenant (null: all).
    static let dataSets = Statement(
        "data_sets",
        """
        SELECT data_set, tenant, count(known.name) AS case_count, count(*) - count(known.name) AS absent_count
        FROM columna.data_set_cases AS known
        FULL JOIN (
            SELECT tenant, data_set, case_name AS name
            FROM columna.case_imports
            WHERE NOT is_known_broken OR refusal IS NULL
        ) AS ordered USING (tenant, data_set, name)
        WHERE $1 IS NULL OR tenant = $1
        GROUP BY data_set, tenant
        ORDER BY data_set, tenant
        """)

    /// Runs, as jobs: their epochs, those included that a run went on from. Where both have done an epoch, its own counts.
    private static let epochsOfRuns = """
        RECURSIVE part AS (
            SELECT wanted.job AS run, wanted.job, 0 AS age
            FROM unnest($1::uuid[]) AS wanted (job)
            UNION ALL
            SELECT part.run, (job.parameters ->> 'continues')::uuid, part.age + 1
            FROM part
            JOIN columna.jobs AS job ON job.id = part.job
            WHERE job.parameters ->> 'continues' IS NOT NULL
        ),
        run_epoch AS (
            SELECT part.run, metrics.*
            FROM part
            JOIN columna.epoch_metrics AS metrics ON metrics.job = part.job
            -- Its checkpoint may be older than the last epoch of the run before: what that made since is given up.
            WHERE NOT EXISTS (
                SELECT
                FROM part AS later
                JOIN columna.epoch_metrics AS own ON own.job = later.job
                WHERE later.run = part.run AND later.age < part.age AND own.epoch <= metrics.epoch)
        )
        """

    /// Job, as a list of one.
    static let epochs = Statement(
        "epochs",
        """
        WITH \(epochsOfRuns)
        SELECT
            epoch, training_loss, dice_loss, cross_entropy, validation_dice, validation_dice_by_class::text AS validation_dice_by_class,
            pseudo_dice::text AS pseudo_dice, learning_rate, rate_halvings, seconds, waited_share,
            peak_memory_bytes, validation_loss, judged_dice, ended_at
        FROM run_epoch
        ORDER BY epoch
        """)

    /// Jobs. The best epoch is the one that the run itself keeps: by its recipe's judge, the earliest of equals. Epochs
    /// from before that was kept were judged by their validation.
    static let epochTallies = Statement(
        "epoch_tallies",
        """
        WITH \(epochsOfRuns),
        ranked AS (
            SELECT
                run, epoch, training_loss, seconds, coalesce(judged_dice, validation_dice) AS dice,
                row_number() OVER (PARTITION BY run ORDER BY epoch DESC) AS place
            FROM run_epoch
        )
        SELECT
            run AS job, max(epoch) AS epoch, max(training_loss) FILTER (WHERE place = 1) AS training_loss, max(dice) AS best_dice,
            (array_agg(epoch ORDER BY dice DESC, epoch) FILTER (WHERE dice IS NOT NULL))[1] AS best_epoch,
            avg(seconds) FILTER (WHERE place <= 5) AS seconds_per_epoch
        FROM ranked
        GROUP BY run
        """)

    /// Model's name; by the index `jobs_trainings_of_model`.
    static let newestTrainings = Statement(
        "newest_trainings",
        """
        SELECT DISTINCT ON (tenant) tenant, id AS job
        FROM columna.jobs
        WHERE kind = '\(TrainModel.kind.rawValue)' AND parameters ->> 'model' = $1
        ORDER BY tenant, created_at DESC, id
        """)

    static let remarks = Statement(
        "training_remarks",
        """
        SELECT code, remark, remarked_at
        FROM columna.training_remarks
        WHERE job = $1
        ORDER BY position
        """)
}
