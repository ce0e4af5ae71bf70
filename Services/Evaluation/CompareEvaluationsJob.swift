import Anatomy
import CohortAnalysis
import Evaluations
import Foundation
import JobEngine
import Studies
import WorkerRuntime

/// Sets two evaluations against each other, metric by metric and class by class.
struct CompareEvaluationsJob: JobHandler {
    let catalog: any Catalog

    func run(_ job: JobContext, _ parameters: CompareEvaluations) async throws -> Completion {
        let first = try await catalog.knownEvaluation(parameters.a)
        let second = try await catalog.knownEvaluation(parameters.b)
        try job.progress(0.1, "reading the cases")
        let a = try await Cohort.measured(first, in: catalog)
        let b = try await Cohort.measured(second, in: catalog)
        try job.progress(0.3, "comparing")
        let comparison = try EvaluationComparison(parameters.comparison, a, b, labelSet: .spine25)
        let pairs = Set(a.cases.map(\.name)).intersection(b.cases.map(\.name)).count
        return Completion(
            facts: [try .evaluationsCompared(comparison)],
            summary: "\(first.model) and \(second.model) compared over \(pairs) cases")
    }
}
