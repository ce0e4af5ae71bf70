import Anatomy
import CohortAnalysis
import Evaluations
import Foundation
import JobEngine
import Studies
import WorkerRuntime

/// Sets two evaluations against each other, metric by metric and class by class.
struct CompareEvaluationsJob: JobHandler {
    let kind = JobKind.compareEvaluations

    func run(_ job: JobContext) async throws -> Completion {
        let parameters = try job.parameters(CompareParameters.self)
        let (first, second) = (try await job.evaluation(parameters.a), try await job.evaluation(parameters.b))
        try job.progress(0.1, "reading the cases")
        let a = try await Cohort.measured(first, in: job.catalog)
        let b = try await Cohort.measured(second, in: job.catalog)
        try job.progress(0.3, "comparing")
        let comparison = try EvaluationComparison(parameters.comparison, a, b, labelSet: .spine25)
        let pairs = Set(a.cases.map(\.name)).intersection(b.cases.map(\.name)).count
        return Completion(
            facts: [.evaluationsCompared(comparison)],
            summary: "\(first.model) and \(second.model) compared over \(pairs) cases")
    }
}
