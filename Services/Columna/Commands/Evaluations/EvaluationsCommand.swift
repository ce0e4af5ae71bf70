import Anatomy
import ArgumentParser
import CohortAnalysis
import Console
import Documents
import Foundation
import Operations

/// `columna evaluations`: what was measured, and how it stands.
struct EvaluationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluations", abstract: "List evaluations, or show one.",
        discussion: """
            Analysts read the same from analytics.run_history, class_summary, bad_cases and case_metrics.

            Examples:
              columna evaluations
              columna evaluations 5f0e --json
              columna evaluations 5f0e --nnunet-summary summary.json
            """)

    @Argument(
        help:
            "An evaluation: its id or the beginning of it, or NAME@VERSION (NAME: its promoted version) for a model's newest complete one. All when left out."
    )
    var evaluation: String?

    @Option(help: "How many to list, newest first.", in: .listed)
    var limit = 20

    @Option(
        help: ArgumentHelp("Where to write the evaluation as nnU-Net's summary.json.", valueName: "file"))
    var nnunetSummary: String?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard nnunetSummary == nil || evaluation != nil else {
            throw ValidationError("--nnunet-summary is of one evaluation: name it")
        }
    }

    func run() async throws {
        try nnunetSummary.map { try OutputFile.requireWritable("--nnunet-summary", $0) }
        let system = try SystemConnection()
        if let evaluation {
            let found = try await system.evaluation(evaluation)
            guard let run = try await system.run(of: found) else { return }
            let result = try await EvaluationResult(run, found, in: system)
            try nnunetSummary.map {
                let text = result.cohort.nnUNetSummary(labels: EvaluationResult.labelSet.labels.map(\.value))
                try Data(text.utf8).write(to: URL(filePath: $0), options: .atomic)
            }
            return output.show(result.document) { result.show() }
        }
        let runs = try await system.evaluationRuns(limit: limit)
        output.show(["evaluations": .array(runs.map(\.document))]) {
            print(
                runs.isEmpty
                    ? "No evaluations: order one with `columna evaluate MODEL --data-set NAME`."
                    : EvaluationPresentation.table(runs))
        }
    }
}
