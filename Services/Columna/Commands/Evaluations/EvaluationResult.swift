import Anatomy
import CohortAnalysis
import Documents
import Console
import Documents
import Evaluations
import Foundation
import JobEngine
import Operations
import Studies
import Threads

/// An evaluation with what its cases say, ready to be shown.
struct EvaluationResult: Sendable {
    let run: EvaluationRun
    let cohort: Cohort
    /// As the network left them, where the evaluation repairs.
    let unrepaired: Cohort?
    let unrepairedSummaries: [MetricSummary]
    let summaries: [MetricSummary]
    let badCases: [BadCase]
    let truthNotes: TruthNotes

    private static let labelSet = LabelSet.spine25

    init(_ run: EvaluationRun, _ evaluation: Evaluation, in system: SystemConnection) async throws {
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

    func show(_ output: OutputOptions) {
        guard case .object(var members) = EvaluationPresentation.json(run) else { return }
        members.append((key: "summaries", value: EvaluationPresentation.json(summaries, Self.labelSet)))
        if unrepaired != nil {
            members.append(
                (
                    key: "summaries_without_repair",
                    value: EvaluationPresentation.json(unrepairedSummaries, Self.labelSet)
                ))
        }
        members.append((key: "bad_cases", value: EvaluationPresentation.json(badCases)))
        members.append((key: "truth_notes", value: truthNotes.json))
        output.show(.object(members)) {
            print(
                "\(run.model) over \(run.measured) of \(Wording.count(run.cases, "case")) of \(run.dataSet), split \(run.split): mean ± standard deviation\n"
            )
            print(EvaluationPresentation.table(cohort, labelSet: Self.labelSet))
            if let unrepaired {
                print("\nwithout the repair\n")
                print(EvaluationPresentation.table(unrepaired, labelSet: Self.labelSet))
            }
            let names = Dictionary(uniqueKeysWithValues: Self.labelSet.labels.map { ($0.value, $0.name) })
            if !badCases.isEmpty { print("\n" + EvaluationPresentation.text(badCases, names)) }
            if let text = truthNotes.text { print("\n" + text) }
            print("\nreport: columna report \(run.evaluation.uuidString.lowercased()) -o report")
        }
    }
}
