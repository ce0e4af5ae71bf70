import JobEngine

/// Reads the rows of `CatalogStatements` and `StudyStatements`.
extension PostgresRow {
    func modelVersion() throws -> ModelVersion {
        ModelVersion(
            name: try string("name"), version: try integer("version"), weights: try artifactReference(), planJSON: try string("plan"),
            recipeJSON: try string("recipe"), dataSet: try optionalString("data_set"),
            validationDice: try optionalDouble("validation_dice"), isPromoted: try boolean("is_promoted"),
            job: try optionalUUID("job").map { JobID($0) }, createdAt: try date("created_at"))
    }

    func dataSetCase() throws -> DataSetCase {
        DataSetCase(
            dataSet: try string("data_set"), name: try string("name"), tenant: try string("tenant"), image: try artifact("image"),
            label: try artifact("label"), planDigest: try string("plan_digest"))
    }

    private func artifact(_ column: String) throws -> ArtifactReference {
        ArtifactReference(
            role: try string("\(column)_role"), address: try string(column), byteCount: try integer("\(column)_byte_count"),
            mediaType: try string("\(column)_media_type"))
    }

    func study() throws -> Study {
        Study(
            id: try uuid("id"), tenant: try string("tenant"), pipeline: try value("pipeline"), messageID: try string("message_id"),
            replyTo: try optionalString("reply_to"), correlationID: try optionalString("correlation_id"), state: try value("state"),
            createdAt: try date("created_at"))
    }

    func classMeasurement() throws -> ClassMeasurement {
        ClassMeasurement(
            caseName: try string("case_name"), study: try optionalUUID("study"), modelVersion: try optionalString("model_version"),
            classValue: try integer("class_value"), className: try string("class_name"), inTruth: try boolean("in_truth"),
            inPrediction: try boolean("in_prediction"), truePositives: try integer("true_positives"),
            falsePositives: try integer("false_positives"), falseNegatives: try integer("false_negatives"),
            trueNegatives: try integer("true_negatives"), dice: try optionalDouble("dice"), iou: try optionalDouble("iou"),
            sensitivity: try optionalDouble("sensitivity"), specificity: try optionalDouble("specificity"),
            precision: try optionalDouble("precision"), accuracy: try optionalDouble("accuracy"),
            truthVolumeInMillilitres: try double("truth_volume_ml"), predictedVolumeInMillilitres: try double("predicted_volume_ml"))
    }
}
