package import JobEngine

/// What jobs on studies establish. `Registry` writes each kind into its tables.
extension Fact {
    package enum Kind: String, CaseIterable {
        case volumeDescribed = "volume-described"
        case labelChecked = "label-checked"
        case caseAdded = "case-added"
        case modelTrained = "model-trained"
        case epochFinished = "epoch-finished"
        case trainingRemarked = "training-remarked"
        case caseMeasured = "case-measured"
        case evaluationSummarized = "evaluation-summarized"
        case evaluationsCompared = "evaluations-compared"
        case segmentationJudged = "segmentation-judged"
        case deliveryHeld = "delivery-held"
        case correctionAccepted = "correction-accepted"
        case rehearsed
    }

    private init(_ kind: Kind, _ content: some Encodable) throws { try self.init(kind.rawValue, content) }

    /// What ingestion found in a study: non-identifying tags and geometry as a JSON object.
    package static func volumeDescribed(study: StudyID, json: String) throws -> Fact {
        try Fact(.volumeDescribed, ["study": study.description, "description": json])
    }

    package static func labelChecked(_ check: LabelCheck) throws -> Fact { try Fact(.labelChecked, check) }

    /// A case became usable for training; its image and label are outputs of the job.
    package static func caseAdded(_ added: DataSetCase) throws -> Fact { try Fact(.caseAdded, added) }

    /// The weights are an output of the job.
    package static func modelTrained(_ draft: ModelVersionDraft) throws -> Fact {
        try Fact(.modelTrained, ModelRegistration(draft: draft, event: .trained))
    }

    package static func epochFinished(_ epoch: EpochMetrics) throws -> Fact { try Fact(.epochFinished, epoch) }
    package static func trainingRemarked(_ remark: TrainingRemark) throws -> Fact {
        try Fact(.trainingRemarked, remark)
    }
    package static func caseMeasured(_ measured: MeasuredCase) throws -> Fact { try Fact(.caseMeasured, measured) }

    package static func evaluationSummarized(_ summary: EvaluationSummary) throws -> Fact {
        try Fact(.evaluationSummarized, summary)
    }

    package static func evaluationsCompared(_ comparison: EvaluationComparison) throws -> Fact {
        try Fact(.evaluationsCompared, comparison)
    }

    package static func segmentationJudged(_ judgement: SegmentationJudgement) throws -> Fact {
        try Fact(.segmentationJudged, judgement)
    }

    package static func deliveryHeld(_ held: HeldDelivery) throws -> Fact { try Fact(.deliveryHeld, held) }

    /// The labels are an output of the job.
    package static func correctionAccepted(_ accepted: AcceptedCorrection) throws -> Fact {
        try Fact(.correctionAccepted, accepted)
    }

    /// A rehearsal's effect: a row without any uniqueness, so that an effect written twice is seen twice.
    package static func rehearsed() throws -> Fact { try Fact(.rehearsed, [String: String]()) }
}

/// A model version to be numbered, and what made it.
package struct ModelRegistration: Codable {
    package var draft: ModelVersionDraft
    package var event: ModelEventState

    package init(draft: ModelVersionDraft, event: ModelEventState) {
        self.draft = draft
        self.event = event
    }
}
