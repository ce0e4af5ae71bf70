import Persistence

/// Statements that write what jobs establish: each takes the job and the fact's JSON (`Fact+studies.swift`). They run
/// behind a check of the fencing token, in its transaction.
enum FactStatements {
    /// - Parameter sql: reads the row `fact`: `job` and `data`.
    static func statement(_ name: String, _ sql: String) -> Statement {
        Statement(
            name,
            """
            WITH fact AS (
                SELECT $1::uuid AS job, $2::jsonb AS data
            )
            \(sql)
            """)
    }

    /// Rows that stand in the fact as an array under `key`; their keys are the columns' names.
    ///
    /// - Parameter common: a JSON object for all rows, of the row `fact`.
    static func rows(_ name: String, into table: String, of key: String, common: String) -> Statement {
        statement(
            name,
            """
            \(insert(into: table, from: "fact.data -> '\(key)'", common: common))
            ON CONFLICT DO NOTHING
            """)
    }

    /// - Parameter array: a JSON array of the row `fact`.
    static func insert(into table: String, from array: String, common: String) -> String {
        """
        INSERT INTO columna.\(table)
        SELECT (jsonb_populate_record(NULL::columna.\(table), row || \(common))).*
        FROM fact
        CROSS JOIN LATERAL jsonb_array_elements(\(array)) AS row
        """
    }

    static let describeVolume = statement(
        "describe_volume",
        """
        INSERT INTO columna.volumes (study, job, description, described_at)
        SELECT (data ->> 'study')::uuid, job, (data ->> 'description')::jsonb, columna.now()
        FROM fact
        ON CONFLICT (study) DO UPDATE
        SET \(Statement.excluded("job", "description", "described_at"))
        """)

    static let addCaseToDataSet = statement(
        "add_case_to_data_set",
        """
        INSERT INTO columna.data_set_cases AS known (
            tenant, data_set, name, image, image_role, label, label_role, plan_digest, job, added_at, split)
        SELECT
            data ->> 'tenant', data ->> 'dataSet', data ->> 'name', data #>> '{image,address}', data #>> '{image,role}',
            data #>> '{label,address}', data #>> '{label,role}', data ->> 'planDigest', job, columna.now(),
            coalesce(data ->> 'split', 'train')
        FROM fact
        -- A case that is prepared anew, whose order says what it is cropped to, is there already, or was deleted
        -- meanwhile and stays so.
        WHERE
            (NOT EXISTS (
                SELECT FROM columna.jobs AS maker
                WHERE maker.id = fact.job AND maker.parameters #>> '{order,cropsToLabel}' IS NOT NULL)
            OR EXISTS (
                SELECT FROM columna.data_set_cases AS there
                WHERE
                    there.tenant = fact.data ->> 'tenant' AND there.data_set = fact.data ->> 'dataSet'
                    AND there.name = fact.data ->> 'name'))
            -- One that was made of corrections does not change: an import that was under way when it was made is too late.
            AND NOT EXISTS (
                SELECT FROM columna.jobs AS maker
                JOIN columna.correction_uses AS used ON used.tenant = maker.tenant AND used.data_set = fact.data ->> 'dataSet'
                WHERE maker.id = fact.job AND maker.study IS NOT NULL)
        ON CONFLICT (tenant, data_set, name) DO UPDATE
        SET
            split = coalesce((SELECT data ->> 'split' FROM fact), known.split),
            \(Statement.excluded("image", "image_role", "label", "label_role", "plan_digest", "job", "added_at"))
        """)

    static let recordEpoch = statement(
        "record_epoch",
        """
        , epoch AS (
            INSERT INTO columna.epoch_metrics (
                job, epoch, training_loss, dice_loss, cross_entropy, validation_dice, validation_dice_by_class, pseudo_dice,
                validation_loss, judged_dice, learning_rate, rate_halvings, seconds, waited_share, peak_memory_bytes, ended_at)
            SELECT
                job, (data ->> 'epoch')::integer, (data ->> 'trainingLoss')::double precision,
                (data ->> 'diceLoss')::double precision, (data ->> 'crossEntropy')::double precision,
                (data ->> 'validationDice')::double precision, data -> 'validationDiceByClass', data -> 'pseudoDice',
                (data ->> 'validationLoss')::double precision, (data ->> 'judgedDice')::double precision,
                (data ->> 'learningRate')::double precision,
                (data ->> 'rateHalvings')::integer, (data ->> 'seconds')::double precision,
                (data ->> 'waitedShare')::double precision, (data ->> 'peakMemoryInBytes')::bigint, columna.now()
            FROM fact
            ON CONFLICT (job, epoch) DO UPDATE
            SET \(Statement.excluded(
                "training_loss", "dice_loss", "cross_entropy", "validation_dice", "validation_dice_by_class", "pseudo_dice",
                "validation_loss", "judged_dice", "learning_rate", "rate_halvings", "seconds", "waited_share", "peak_memory_bytes", "ended_at"))
            RETURNING *
        )
        INSERT INTO columna.outbox (occurred_at, exchange, routing_key, type, subject, data)
        SELECT
            columna.now(), 'columna.events', 'training.epoch', 'columna.training.epoch', epoch.job::text,
            jsonb_strip_nulls(jsonb_build_object(
                'job', epoch.job, 'tenant', job.tenant, 'model', job.parameters ->> 'model', 'dataSet', job.parameters ->> 'dataSet',
                'epoch', epoch.epoch, 'trainingLoss', epoch.training_loss,
                'diceLoss', epoch.dice_loss, 'crossEntropy', epoch.cross_entropy, 'learningRate', epoch.learning_rate,
                'rateHalvings', epoch.rate_halvings, 'pseudoDice', epoch.pseudo_dice, 'validationDice', epoch.validation_dice,
                'validationDiceByClass', epoch.validation_dice_by_class, 'validationLoss', epoch.validation_loss,
                'judgedDice', epoch.judged_dice,
                'seconds', epoch.seconds, 'waitedShare', epoch.waited_share, 'peakMemoryInBytes', epoch.peak_memory_bytes))
        FROM epoch
        JOIN columna.jobs AS job ON job.id = epoch.job
        """)

    static let recordRemark = statement(
        "record_remark",
        """
        INSERT INTO columna.training_remarks (job, code, remark, remarked_at)
        SELECT job, data ->> 'code', data ->> 'remark', columna.now()
        FROM fact
        """)

    /// A repeat changes nothing.
    static let holdDelivery = statement(
        "hold_delivery",
        """
        INSERT INTO columna.held_deliveries (job, destination, model_version, cause, reasons, held_at)
        SELECT
            job, data ->> 'destination', data ->> 'model', data ->> 'cause',
            ARRAY(SELECT jsonb_array_elements_text(data -> 'reasons')), columna.now()
        FROM fact
        ON CONFLICT DO NOTHING
        """)

    static let rehearse = statement(
        "rehearse",
        """
        INSERT INTO columna.rehearsal_effects (job, happened_at)
        SELECT job, columna.now()
        FROM fact
        """)
}
