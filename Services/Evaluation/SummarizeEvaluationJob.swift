import Anatomy
import CohortAnalysis
import Evaluations
import Foundation
import JobEngine
import Studies
import WorkerRuntime

/// Joins the cases of an evaluation: what each metric says over them, and which cases are the worst.
struct SummarizeEvaluationJob: JobHandler {
    let kind = JobKind.summarizeEvaluation

    func run(_ job: JobContext) async throws -> Completion {
        let parameters = try job.parameters(SummarizeParameters.self)
        let evaluation = try await job.evaluation(parameters.evaluation)
        try job.progress(0.1, "reading the cases")
        var cohorts = [(MeasuredCase.Variant.delivered, try await Cohort.measured(evaluation, in: job.catalog))]
        if evaluation.identity.repairs {
            cohorts.append((.unrepaired, try await Cohort.measured(evaluation, .unrepaired, in: job.catalog)))
        }
        try job.progress(0.3, "summing up")
        let summary = try EvaluationSummary(evaluation.id, cohorts, labelSet: .spine25)
        let cases = cohorts[0].1.cases.count
        return Completion(
            facts: [.evaluationSummarized(summary)], summary: "\(cases) cases of \(evaluation.model) summed up")
    }
}

extension JobContext {
    func evaluation(_ id: UUID) async throws -> Evaluation {
        guard let evaluation = try await catalog.evaluation(id) else {
            throw JobFailure(
                class: .data, code: "evaluation-unknown",
                reason: "there is no evaluation \(id.uuidString.lowercased()): order it with `columna evaluate`")
        }
        return evaluation
    }
}
