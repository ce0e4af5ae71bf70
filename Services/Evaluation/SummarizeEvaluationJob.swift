import Anatomy
import CohortAnalysis
import Evaluations
import Foundation
import JobEngine
import Studies
import WorkerRuntime

/// Joins the cases of an evaluation: what each metric says over them, and which cases are the worst.
struct SummarizeEvaluationJob: JobHandler {
    let catalog: any Catalog

    func run(_ job: JobContext, _ parameters: SummarizeEvaluation) async throws -> Completion {
        let evaluation = try await catalog.knownEvaluation(parameters.evaluation)
        try job.progress(0.1, "reading the cases")
        var cohorts = [(MeasuredCase.Variant.delivered, try await Cohort.measured(evaluation, in: catalog))]
        if evaluation.identity.repairs {
            cohorts.append((.unrepaired, try await Cohort.measured(evaluation, .unrepaired, in: catalog)))
        }
        try job.progress(0.3, "summing up")
        let summary = try EvaluationSummary(evaluation.id, cohorts, labelSet: .spine25)
        let cases = cohorts[0].1.cases.count
        return Completion(
            facts: [try .evaluationSummarized(summary)], summary: "\(cases) cases of \(evaluation.model) summed up")
    }
}

extension Catalog {
    func knownEvaluation(_ id: EvaluationID) async throws -> Evaluation {
        guard let evaluation = try await evaluation(id) else {
            throw JobFailure(
                class: .data, code: "evaluation-unknown",
                reason: "there is no evaluation \(id): order it with `columna evaluate`")
        }
        return evaluation
    }
}
