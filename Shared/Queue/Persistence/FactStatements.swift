import Foundation
import JobEngine

/// Statements that write what a job establishes. They run behind a check of the fencing token, in its transaction.
enum FactStatements {
    /// The queries that write one fact.
    static func queries(for fact: Fact, job: JobID) throws -> [Query] {
        switch fact {
        case .volumeDescribed(let study, let json):
            [describeVolume(.uuid(study), .uuid(job.uuid), .text(json))]
        case .caseAdded(let newCase):
            [record(outputs: [newCase.image, newCase.label], inputs: [], of: job), addCase(newCase, job: job)]
        case .modelTrained(let draft):
            [
                record(outputs: [draft.weights], inputs: [], of: job),
                CatalogStatements.register(draft, job: job, event: .trained),
            ]
        case .epochFinished(let epoch):
            [finishEpoch(epoch, job: job)]
        case .caseMeasured(let measurement):
            try MeasurementStatements.queries(for: measurement, job: job)
        case .evaluationSummarized(let summary):
            EvaluationStatements.queries(for: summary)
        case .evaluationsCompared(let comparison):
            EvaluationStatements.queries(for: comparison)
        case .segmentationJudged(let judgement):
            JudgementStatements.queries(for: judgement, job: job)
        case .deliveryHeld(let held):
            [
                holdDelivery(
                    .uuid(job.uuid), .text(held.destination), .text(held.model), .text(held.cause.rawValue),
                    .texts(held.reasons))
            ]
        case .rehearsed:
            [rehearse(.uuid(job.uuid))]
        }
    }

    static func record(outputs: [ArtifactReference], inputs: [ArtifactReference], of job: JobID) -> Query {
        let items = outputs + inputs
        let directions = outputs.map { _ in "output" } + inputs.map { _ in "input" }
        return recordArtifacts(
            .uuid(job.uuid), .texts(directions), .texts(items.map(\.role)), .texts(items.map(\.address)),
            .integers(items.map { Int64($0.byteCount) }), .texts(items.map(\.mediaType)))
    }

    private static func addCase(_ newCase: DataSetCase, job: JobID) -> Query {
        addCaseToDataSet(
            .text(newCase.tenant), .text(newCase.dataSet), .text(newCase.name), .text(newCase.image.address),
            .text(newCase.image.role),
            .text(newCase.label.address), .text(newCase.label.role), .text(newCase.planDigest), .uuid(job.uuid),
            .text(newCase.split))
    }

    private static func finishEpoch(_ epoch: EpochMetrics, job: JobID) -> Query {
        recordEpoch(
            .uuid(job.uuid), .integer(epoch.epoch), .double(epoch.trainingLoss), .double(epoch.validationDice),
            .double(epoch.learningRate), .double(epoch.seconds))
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
        VALUES ($1, $2, $3::jsonb, columna.now())
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
            tenant, data_set, name, image, image_role, label, label_role, plan_digest, job, added_at, split)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, columna.now(), coalesce($10, 'train'))
        ON CONFLICT (tenant, data_set, name) DO UPDATE
        SET
            split = coalesce($10, data_set_cases.split),
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

    private static let rehearse = Statement(
        "rehearse",
        """
        INSERT INTO columna.rehearsal_effects (job, happened_at)
        VALUES ($1, columna.now())
        """)

    /// Job, destination, model version, cause, reasons. A repeat changes nothing.
    private static let holdDelivery = Statement(
        "hold_delivery",
        """
        INSERT INTO columna.held_deliveries (job, destination, model_version, cause, reasons, held_at)
        VALUES ($1, $2, $3, $4, $5, columna.now())
        ON CONFLICT DO NOTHING
        """)
}
