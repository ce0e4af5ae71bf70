import Foundation
import JobEngine

/// Statements that write what a job establishes. They run behind a check of the fencing token, in its transaction.
enum FactStatements {
    /// The queries that write one fact.
    static func queries(for fact: Fact, job: JobID, now: Date) -> [Query] {
        switch fact {
        case .volumeDescribed(let study, let json):
            [describeVolume(.uuid(study), .uuid(job.uuid), .text(json), .timestamp(now))]
        case .caseAdded(let newCase):
            [record(outputs: [newCase.image, newCase.label], inputs: [], of: job), addCase(newCase, job: job, now: now)]
        case .modelTrained(let draft):
            [record(outputs: [draft.weights], inputs: [], of: job), CatalogStatements.register(draft, job: job, event: .trained, now: now)]
        case .epochFinished(let epoch):
            [finishEpoch(epoch, job: job)]
        case .classMeasured(let measurement):
            [measureClass(measurement, job: job, now: now)]
        case .rehearsed:
            [rehearse(.uuid(job.uuid), .timestamp(now))]
        }
    }

    static func record(outputs: [ArtifactReference], inputs: [ArtifactReference], of job: JobID) -> Query {
        let items = outputs + inputs
        let directions = outputs.map { _ in "output" } + inputs.map { _ in "input" }
        return recordArtifacts(
            .uuid(job.uuid), .texts(directions), .texts(items.map(\.role)), .texts(items.map(\.address)),
            .integers(items.map { Int64($0.byteCount) }), .texts(items.map(\.mediaType)))
    }

    private static func addCase(_ newCase: DataSetCase, job: JobID, now: Date) -> Query {
        addCaseToDataSet(
            .text(newCase.tenant), .text(newCase.dataSet), .text(newCase.name), .text(newCase.image.address), .text(newCase.image.role),
            .text(newCase.label.address), .text(newCase.label.role), .text(newCase.planDigest), .uuid(job.uuid), .timestamp(now))
    }

    private static func finishEpoch(_ epoch: EpochMetrics, job: JobID) -> Query {
        recordEpoch(
            .uuid(job.uuid), .integer(epoch.epoch), .double(epoch.trainingLoss), .double(epoch.validationDice),
            .double(epoch.learningRate), .double(epoch.seconds))
    }

    private static func measureClass(_ metric: ClassMeasurement, job: JobID, now: Date) -> Query {
        recordClass(
            .uuid(job.uuid), .integer(metric.classValue), .text(metric.className), .text(metric.caseName), .uuid(metric.study),
            .text(metric.modelVersion), .boolean(metric.inTruth), .boolean(metric.inPrediction), .integer(metric.truePositives),
            .integer(metric.falsePositives), .integer(metric.falseNegatives), .integer(metric.trueNegatives), .double(metric.dice),
            .double(metric.iou), .double(metric.sensitivity), .double(metric.specificity), .double(metric.precision),
            .double(metric.accuracy), .double(metric.truthVolumeInMillilitres), .double(metric.predictedVolumeInMillilitres),
            .timestamp(now))
    }

    /// Job; of artifacts: directions, roles, addresses, byte counts, media types.
    private static let recordArtifacts = Statement(
        "record_artifacts",
        """
        WITH item AS (
            SELECT *
            FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[]) WITH ORDINALITY
                AS item (direction, role, address, byte_count, media_type, place)
        ),
        artifact AS (
            INSERT INTO columna.artifacts (address, byte_count, media_type)
            SELECT DISTINCT ON (address) address, byte_count, media_type
            FROM item
            ORDER BY address
            ON CONFLICT DO NOTHING
        )
        INSERT INTO columna.job_artifacts (job, direction, role, address)
        SELECT $1, direction::columna.artifact_direction, role, address
        FROM item
        ORDER BY place
        ON CONFLICT DO NOTHING
        """)

    private static let describeVolume = Statement(
        "describe_volume",
        """
        INSERT INTO columna.volumes (study, job, description, described_at)
        VALUES ($1, $2, $3::jsonb, $4)
        ON CONFLICT (study) DO UPDATE
        SET
            job = EXCLUDED.job,
            description = EXCLUDED.description,
            described_at = EXCLUDED.described_at
        """)

    private static let addCaseToDataSet = Statement(
        "add_case_to_data_set",
        """
        INSERT INTO columna.data_set_cases (
            tenant, data_set, name, image, image_role, label, label_role, plan_digest, job, added_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (tenant, data_set, name) DO UPDATE
        SET
            image = EXCLUDED.image,
            image_role = EXCLUDED.image_role,
            label = EXCLUDED.label,
            label_role = EXCLUDED.label_role,
            plan_digest = EXCLUDED.plan_digest,
            job = EXCLUDED.job,
            added_at = EXCLUDED.added_at
        """)

    private static let recordEpoch = Statement(
        "record_epoch",
        """
        INSERT INTO columna.epoch_metrics (job, epoch, training_loss, validation_dice, learning_rate, seconds)
        VALUES ($1, $2::bigint::integer, $3, $4, $5, $6)
        ON CONFLICT (job, epoch) DO UPDATE
        SET
            training_loss = EXCLUDED.training_loss,
            validation_dice = EXCLUDED.validation_dice,
            learning_rate = EXCLUDED.learning_rate,
            seconds = EXCLUDED.seconds
        """)

    private static let recordClass = Statement(
        "record_class",
        """
        INSERT INTO columna.class_metrics (
            job, class_value, class_name, case_name, study, model_version, in_truth, in_prediction, true_positives, false_positives,
            false_negatives, true_negatives, dice, iou, sensitivity, specificity, "precision", accuracy, truth_volume_ml,
            predicted_volume_ml, evaluated_at)
        VALUES (
            $1, $2::bigint::integer, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        ON CONFLICT DO NOTHING
        """)

    private static let rehearse = Statement(
        "rehearse",
        """
        INSERT INTO columna.rehearsal_effects (job, happened_at)
        VALUES ($1, $2)
        """)
}
