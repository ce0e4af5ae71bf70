package import Foundation

/// A row for analysts that a job establishes. The engine stores facts without understanding them.
package enum Fact: Sendable, Equatable {
    /// What ingestion found in a study: non-identifying tags and geometry as a JSON object.
    case volumeDescribed(study: UUID, json: String)
    /// A case became usable for training.
    case caseAdded(DataSetCase)
    case modelTrained(ModelVersionDraft)
    case epochFinished(EpochMetrics)
    case classMeasured(ClassMeasurement)
    /// A rehearsal's effect: a row without any uniqueness, so that an effect written twice is seen twice.
    case rehearsed
}

/// One labelled, network-ready case of a data set.
package struct DataSetCase: Sendable, Equatable, Codable {
    package var dataSet: String
    /// Pseudonym, unique in the data set.
    package var name: String
    package var tenant: String
    /// Network-ready.
    package var image: ArtifactReference
    package var label: ArtifactReference
    /// How they were made so: `Plan.preprocessingSignature()`.
    package var planDigest: String

    package init(dataSet: String, name: String, tenant: String, image: ArtifactReference, label: ArtifactReference, planDigest: String) {
        self.dataSet = dataSet
        self.name = name
        self.tenant = tenant
        self.image = image
        self.label = label
        self.planDigest = planDigest
    }
}

/// A model before the store has numbered it: versions of a name count 1, 2, 3 …
package struct ModelVersionDraft: Sendable, Equatable {
    package var name: String
    /// Safetensors with the plan in its metadata.
    package var weights: ArtifactReference
    package var planJSON: String
    package var recipeJSON: String
    package var dataSet: String?
    /// Mean foreground Dice on the validation split, if there was one.
    package var validationDice: Double?

    package init(
        name: String, weights: ArtifactReference, planJSON: String, recipeJSON: String, dataSet: String?, validationDice: Double?
    ) {
        self.name = name
        self.weights = weights
        self.planJSON = planJSON
        self.recipeJSON = recipeJSON
        self.dataSet = dataSet
        self.validationDice = validationDice
    }
}

package struct EpochMetrics: Sendable, Equatable {
    /// From 1.
    package var epoch: Int
    package var trainingLoss: Double
    package var validationDice: Double?
    package var learningRate: Double
    package var seconds: Double

    package init(epoch: Int, trainingLoss: Double, validationDice: Double?, learningRate: Double, seconds: Double) {
        self.epoch = epoch
        self.trainingLoss = trainingLoss
        self.validationDice = validationDice
        self.learningRate = learningRate
        self.seconds = seconds
    }
}

/// One class of one evaluated case. Ratios are nil where undefined, never 0 or 1 in their place.
package struct ClassMeasurement: Sendable, Equatable {
    package var caseName: String
    package var study: UUID?
    /// `NAME@VERSION`, or nil when the prediction came from elsewhere.
    package var modelVersion: String?
    package var classValue: Int
    package var className: String
    package var inTruth: Bool
    package var inPrediction: Bool
    package var truePositives: Int
    package var falsePositives: Int
    package var falseNegatives: Int
    package var trueNegatives: Int
    package var dice: Double?
    package var iou: Double?
    package var sensitivity: Double?
    package var specificity: Double?
    package var precision: Double?
    package var accuracy: Double?
    package var truthVolumeInMillilitres: Double
    package var predictedVolumeInMillilitres: Double

    package init(
        caseName: String, study: UUID?, modelVersion: String?, classValue: Int, className: String, inTruth: Bool, inPrediction: Bool,
        truePositives: Int, falsePositives: Int, falseNegatives: Int, trueNegatives: Int, dice: Double?, iou: Double?,
        sensitivity: Double?, specificity: Double?, precision: Double?, accuracy: Double?, truthVolumeInMillilitres: Double,
        predictedVolumeInMillilitres: Double
    ) {
        self.caseName = caseName
        self.study = study
        self.modelVersion = modelVersion
        self.classValue = classValue
        self.className = className
        self.inTruth = inTruth
        self.inPrediction = inPrediction
        self.truePositives = truePositives
        self.falsePositives = falsePositives
        self.falseNegatives = falseNegatives
        self.trueNegatives = trueNegatives
        self.dice = dice
        self.iou = iou
        self.sensitivity = sensitivity
        self.specificity = specificity
        self.precision = precision
        self.accuracy = accuracy
        self.truthVolumeInMillilitres = truthVolumeInMillilitres
        self.predictedVolumeInMillilitres = predictedVolumeInMillilitres
    }
}
