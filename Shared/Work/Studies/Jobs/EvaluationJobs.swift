package import JobEngine

extension JobKind {
    static let evaluation = [
        EvaluateSegmentation.kind, SummarizeEvaluation.kind, CompareEvaluations.kind, LearnFromCorrections.kind,
        Rehearsal.kind,
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

/// One step on the way from corrections to a better version; each makes the next as its child, which waits for what lies
/// between them. Of the stage evaluation, which judges and has slots beside long trainings.
package struct LearnFromCorrections: JobDefinition {
    package static let kind = JobKind("learn-from-corrections", of: .evaluation, limits: .hours(running: 4))

    package enum Step: String, Sendable, Codable, Equatable {
        /// Whether there are enough: if so, a round begins and its data set is made.
        case consider
        /// The data set is whole.
        case train
        /// There is a new version.
        case evaluate
        /// It was measured beside the promoted one.
        case decide
    }

    /// A name without a version.
    package var model: String
    package var step: Step
    /// Of `consider` nil.
    package var round: Int?
    /// Of `decide`, and of an `evaluate` that is repeated because another version was promoted meanwhile.
    package var candidate: ModelReference?
    /// Of `decide`: candidate minus standing.
    package var measured: CompareEvaluations?

    package init(
        model: String, step: Step, round: Int? = nil, candidate: ModelReference? = nil,
        measured: CompareEvaluations? = nil
    ) {
        self.model = model
        self.step = step
        self.round = round
        self.candidate = candidate
        self.measured = measured
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
