package import Foundation

/// A row for analysts that a job establishes. The engine stores facts without understanding them.
package enum Fact: Sendable, Equatable {
    /// What ingestion found in a study: non-identifying tags and geometry as a JSON object.
    case volumeDescribed(study: UUID, json: String)
    /// A case became usable for training.
    case caseAdded(DataSetCase)
    case modelTrained(ModelVersionDraft)
    case epochFinished(EpochMetrics)
    case caseMeasured(MeasuredCase)
    case evaluationSummarized(EvaluationSummary)
    case evaluationsCompared(EvaluationComparison)
    case segmentationJudged(SegmentationJudgement)
    case deliveryHeld(HeldDelivery)
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
    /// What the case is for; nil when it is added: as before, `train` if it is new.
    package var split: String?

    /// The split that models learn from.
    package static let trainingSplit = "train"

    package init(
        dataSet: String, name: String, tenant: String, image: ArtifactReference, label: ArtifactReference,
        planDigest: String, split: String? = nil
    ) {
        self.split = split
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
        name: String, weights: ArtifactReference, planJSON: String, recipeJSON: String, dataSet: String?,
        validationDice: Double?
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
