import Persistence

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
                WHERE version.job = fact.job
            )
            ON CONFLICT (name) DO UPDATE
            SET newest_version = model.newest_version + 1
            RETURNING name, newest_version
        ),
        version AS (
            INSERT INTO columna.model_versions (
                name, version, weights, weights_role, plan, recipe, data_set, validation_dice, job, created_at)
            SELECT
                model.name, model.newest_version, draft #>> '{weights,address}', draft #>> '{weights,role}', (draft ->> 'planJSON')::json,
                (draft ->> 'recipeJSON')::json, draft ->> 'dataSet', (draft ->> 'validationDice')::double precision, fact.job,
                columna.now()
            FROM model
            CROSS JOIN fact
            RETURNING name, version, weights, validation_dice
        ),
        event AS (
            INSERT INTO columna.outbox (occurred_at, exchange, routing_key, type, subject, data)
            SELECT
                columna.now(), 'columna.events', 'model.' || fact.event, 'columna.model.' || fact.event,
                version.name || '@' || version.version,
                jsonb_strip_nulls(jsonb_build_object(
                    'model', version.name, 'version', version.version, 'weights', version.weights, 'job', fact.job,
                    'validationDice', version.validation_dice))
            FROM version
            CROSS JOIN fact
        )
        SELECT version::bigint AS version
        FROM version
        """)

    /// Name, version.
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

    private static let versionColumns = """
        version.name, version.version, version.weights AS address, version.weights_role AS role, artifact.byte_count,
            artifact.media_type, version.plan, version.recipe, version.data_set, version.validation_dice,
            version.version IS NOT DISTINCT FROM model.promoted_version AS is_promoted, version.job, version.created_at
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
        SELECT data_set, tenant, count(*) AS case_count
        FROM columna.data_set_cases
        WHERE $1 IS NULL OR tenant = $1
        GROUP BY data_set, tenant
        ORDER BY data_set, tenant
        """)

    static let epochs = Statement(
        "epochs",
        """
        SELECT epoch, training_loss, validation_dice, learning_rate, seconds
        FROM columna.epoch_metrics
        WHERE job = $1
        ORDER BY epoch
        """)
}
