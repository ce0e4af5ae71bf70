package import JobEngine

extension JobKind {
    static let evaluation = [
        EvaluateSegmentation.kind, SummarizeEvaluation.kind, CompareEvaluations.kind, Rehearsal.kind,
    ]
}

/// Measures a label map against its ground truth.
package struct EvaluateSegmentation: JobDefinition {
    package static let kind = JobKind(
        "evaluate-segmentation", of: .evaluation,
        inputs: [.volume, .truth, .labelMap, .unrepairedLabelMap], limits: .hours(running: 4))

    package var order: StudyOrder
    /// JSON of what the metrics leave open, as `Metrics` defines it; nil: the defaults.
    package var optionsJSON: String?

    package init(order: StudyOrder, optionsJSON: String? = nil) {
        self.order = order
        self.optionsJSON = optionsJSON
    }
}

/// Joins the cases of an evaluation.
package struct SummarizeEvaluation: JobDefinition {
    package static let kind = JobKind("summarize-evaluation", of: .evaluation, limits: .hours(running: 4))

    package var evaluation: EvaluationID

    package init(evaluation: EvaluationID) { self.evaluation = evaluation }
}

/// Sets two evaluations against each other: the first minus the second.
package struct CompareEvaluations: JobDefinition {
    package static let kind = JobKind("compare-evaluations", of: .evaluation, limits: .hours(running: 4))

    package var comparison: ComparisonID
    package var a: EvaluationID
    package var b: EvaluationID

    package init(comparison: ComparisonID, a: EvaluationID, b: EvaluationID) {
        self.comparison = comparison
        self.a = a
        self.b = b
    }
}

/// Does nothing, or what its parameters script; for benchmarks and the kill test.
package struct Rehearsal: JobDefinition {
    package static let kind = JobKind("rehearsal", of: .evaluation, limits: .hours(running: 1))

    /// How long to hold the slot.
    package var milliseconds: Int
    /// Fail this many times before succeeding, with this class.
    package var failures: Int
    package var failureClass: JobFailure.Class?
    /// Whether the job writes a row that the kill test counts.
    package var leavesEffect: Bool

    package init(
        milliseconds: Int = 0, failures: Int = 0, failureClass: JobFailure.Class? = nil, leavesEffect: Bool = false
    ) {
        self.leavesEffect = leavesEffect
        self.milliseconds = milliseconds
        self.failures = failures
        self.failureClass = failureClass
    }
}
