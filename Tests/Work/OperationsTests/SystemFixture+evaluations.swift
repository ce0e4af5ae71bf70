import Anatomy
import CohortAnalysis
import Evaluations
import Foundation
import JobEngine
import Metrics
import Operations
import Persistence
import Studies
import TestSupport
import Testing

extension SystemFixture {
    /// Ends the jobs of evaluations of one case, and of their comparisons, as workers would; steps of corrections stay.
    ///
    /// - Parameter better: has Dice 0.8, every other version 0.5.
    func measure(better: ModelReference) async throws {
        for digit in ["6", "7"] as [Character] {
            try await end(.inference, Completion(outputs: [Self.artifact(ArtifactKind.labelMap.role, digit)]))
        }
        let kinds = [EvaluateSegmentation.kind, SummarizeEvaluation.kind, CompareEvaluations.kind]
        let claim = ClaimRequest(stage: .evaluation, kinds: kinds, worker: "w")
        while let job = try await store.claimAvailableJobs(claim).first {
            let facts = try await facts(job.record, better)
            _ = try await store.completeJobIfRunning(
                job.record.id, token: job.token, completion: Completion(facts: facts))
        }
    }

    private func facts(_ job: JobRecord, _ better: ModelReference) async throws -> [Fact] {
        switch job.kind {
        case EvaluateSegmentation.kind:
            var measured = JobStoreConformance.measured(nil)
            measured.modelVersion = try EvaluateSegmentation(of: job).order.model
            measured.metrics.classes[0].inTruth = true
            measured.metrics.classes[0].dice = measured.modelVersion == better ? 0.8 : 0.5
            return [try .caseMeasured(measured)]
        case SummarizeEvaluation.kind:
            let id = try SummarizeEvaluation(of: job).evaluation
            return [
                try .evaluationSummarized(
                    EvaluationSummary(id, [(.delivered, try await cohort(id))], labelSet: .spine25))
            ]
        default:
            let order = try CompareEvaluations(of: job)
            return [
                try .evaluationsCompared(
                    EvaluationComparison(
                        order.comparison, try await cohort(order.a), try await cohort(order.b), labelSet: .spine25))
            ]
        }
    }

    private func cohort(_ id: EvaluationID) async throws -> Cohort {
        let evaluation = try #require(try await system.catalog.evaluation(id))
        return try await Cohort.measured(evaluation, in: system.catalog)
    }
}
