package import Anatomy
package import CohortAnalysis
package import Documents
import Evaluations
import Foundation
package import Studies
import Threads

/// An evaluation with what its cases say, ready to be shown.
package struct EvaluationResult: Documented {
    package let run: EvaluationRun
    package let cohort: Cohort
    /// As the network left them, where the evaluation repairs.
    package let unrepaired: Cohort?
    package let unrepairedSummaries: [MetricSummary]
    package let summaries: [MetricSummary]
    package let badCases: [BadCase]
    package let truthNotes: TruthNotes

    package static let labelSet = LabelSet.spine25

    package init(_ run: EvaluationRun, _ evaluation: Evaluation, in system: SystemConnection) async throws {
        self.run = run
        truthNotes = try await TruthNotes(evaluation, in: system)
        let cohort = try await Cohort.measured(evaluation, in: system.catalog)
        self.cohort = cohort
        let unrepaired = run.repairs ? try await Cohort.measured(evaluation, .unrepaired, in: system.catalog) : nil
        self.unrepaired = unrepaired
        let labels = Self.labelSet.labels.map(\.value)
        (summaries, unrepairedSummaries, badCases) = await OwnThread.run {
            (
                cohort.summaries(labels: labels), unrepaired?.summaries(labels: labels) ?? [],
                BadCases.worst(in: cohort, count: EvaluationSummary.listedBadCases, labelSet: Self.labelSet)
            )
        }
    }

    package var document: JSONValue {
        guard case .object(var members) = run.document else { return nil }
        members.append((key: "summaries", value: summaries.document(Self.labelSet)))
        if unrepaired != nil {
            members.append(
                (key: "summaries_without_repair", value: unrepairedSummaries.document(Self.labelSet)))
        }
        members.append((key: "bad_cases", value: badCases.document))
        members.append((key: "truth_notes", value: truthNotes.document))
        return .object(members)
    }
}
