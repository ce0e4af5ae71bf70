package import JobEngine
package import Metrics
package import Studies

/// The data of `study.<state>` and of the reply, as a hospital reads it. PostgreSQL makes it (`StudyStatements`).
package struct StudyResult: Sendable, Codable, Equatable {
    /// Bytes that the study's jobs wrote.
    package struct Artifact: Sendable, Codable, Equatable {
        package var role: String
        package var address: ContentAddress
        package var byteCount: Int
        package var mediaType: String
    }

    /// One class, when the study came with a ground truth; ratios are left out where undefined.
    package struct ClassResult: Sendable, Codable, Equatable {
        package var value: Int
        package var name: String
        package var inTruth: Bool
        package var inPrediction: Bool
        package var dice: Double?
        package var iou: Double?
        package var truthVolumeInMillilitres: Double
        package var predictedVolumeInMillilitres: Double

        package init(_ measured: ClassMetrics) {
            value = Int(measured.label)
            name = measured.name
            inTruth = measured.inTruth
            inPrediction = measured.inPrediction
            dice = measured.dice
            iou = measured.iou
            truthVolumeInMillilitres = measured.truthVolumeInMillilitres
            predictedVolumeInMillilitres = measured.predictedVolumeInMillilitres
        }
    }

    /// What the segmentation's own judgement says.
    package struct Review: Sendable, Codable, Equatable {
        package var needed: Bool
        /// A sentence each; empty if it is not needed.
        package var reasons: [String]

        package init(_ judgement: SegmentationJudgement) {
            needed = judgement.needsReview
            reasons = judgement.reasons
        }
    }

    /// An archive that did not get the result.
    package struct Held: Sendable, Codable, Equatable {
        package var destination: String
        package var cause: String
    }

    package var study: String
    package var tenant: Tenant
    package var pipeline: String
    package var state: StudyState
    /// The job that ended last.
    package var job: String
    package var artifacts: [Artifact]
    package var classes: [ClassResult]
    /// Whether somebody should look at the label map; nil where there is none.
    package var review: Review?
    /// Archives that did not get the result because somebody must decide first, or has decided against it; nil where
    /// there are none.
    package var held: [Held]?
    /// Why, when the study is dead.
    package var failure: JobFailure?
}
