import Documents
import JobEngine
import Persistence
import Studies

/// Reads the rows of `CatalogStatements` and `StudyStatements`.
extension PostgresRow {
    func modelVersion() throws -> ModelVersion {
        ModelVersion(
            name: try string("name"), version: try integer("version"), weights: try artifactReference(),
            planJSON: try string("plan"),
            recipeJSON: try string("recipe"), dataSet: try optionalString("data_set"),
            validationDice: try optionalDouble("validation_dice"), isPromoted: try boolean("is_promoted"),
            job: try optionalID("job"), createdAt: try date("created_at"), variant: try optionalValue("variant"))
    }

    func epochMetrics() throws -> EpochMetrics {
        var epoch = EpochMetrics(
            epoch: try integer("epoch"), trainingLoss: try double("training_loss"),
            validationDice: try optionalDouble("validation_dice"), learningRate: try double("learning_rate"),
            seconds: try double("seconds"))
        epoch.diceLoss = try optionalDouble("dice_loss")
        epoch.crossEntropy = try optionalDouble("cross_entropy")
        epoch.validationDiceByClass = try byClass("validation_dice_by_class")
        epoch.pseudoDice = try byClass("pseudo_dice")
        epoch.validationLoss = try optionalDouble("validation_loss")
        epoch.judgedDice = try optionalDouble("judged_dice")
        epoch.rateHalvings = try optionalInteger("rate_halvings")
        epoch.waitedShare = try optionalDouble("waited_share")
        epoch.endedAt = try optionalDate("ended_at")
        epoch.peakMemoryInBytes = try optionalInteger("peak_memory_bytes")
        return epoch
    }

    private func byClass(_ column: String) throws -> [String: Double]? {
        try optionalString(column).map { try CanonicalJSON.decode([String: Double].self, from: $0) }
    }

    func dataSetCase() throws -> DataSetCase {
        DataSetCase(
            dataSet: try string("data_set"), name: try string("name"), tenant: try value("tenant"),
            image: try artifact("image"),
            label: try artifact("label"), planDigest: try string("plan_digest"), split: try string("split"))
    }

    private func artifact(_ column: String) throws -> ArtifactReference {
        ArtifactReference(
            role: try string("\(column)_role"), address: try value(column),
            byteCount: try integer("\(column)_byte_count"),
            mediaType: try string("\(column)_media_type"))
    }

    func study() throws -> Study {
        Study(
            id: try id("id"), tenant: try value("tenant"), pipeline: try value("pipeline"),
            source: try optionalString("source"),
            messageID: try string("message_id"), contentDigest: try optionalString("content_digest"),
            replyTo: try optionalString("reply_to"), correlationID: try optionalString("correlation_id"),
            state: try value("state"),
            createdAt: try date("created_at"))
    }

    func sourceCase() throws -> SourceCase {
        SourceCase(
            prepared: try dataSetCase(), split: try string("split"), volume: try artifact("volume"),
            truth: try artifact("truth"))
    }

    func evaluationIdentity() throws -> Evaluation.Identity {
        Evaluation.Identity(
            tenant: try value("tenant"), dataSet: try string("data_set"), snapshot: try string("snapshot"),
            split: try string("split"),
            modelName: try string("model_name"), modelVersion: try integer("model_version"),
            codeVersion: try string("code_version"),
            optionsJSON: try string("options"), repairs: try boolean("repairs"))
    }

    func evaluationRun() throws -> EvaluationRun {
        EvaluationRun(
            evaluation: try id("evaluation"), tenant: try value("tenant"), dataSet: try string("data_set"),
            split: try string("split"),
            model: try value("model_version"), snapshot: try string("snapshot"),
            codeVersion: try string("code_version"),
            repairs: try boolean("repairs"), state: try value("state"), cases: try integer("cases"),
            measured: try integer("measured"),
            failed: try integer("failed"), meanDice: try optionalDouble("mean_dice"),
            meanHausdorff95: try optionalDouble("mean_hausdorff95"), orderedAt: try date("ordered_at"))
    }
}
