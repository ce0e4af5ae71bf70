import ArgumentParser
import Console
import Foundation
import JobEngine
import Operations

/// `columna report EVALUATION… -o DIR`: tables, figures and pictures of evaluations, or a training's curves, in one file.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Write a report on one or more evaluations, or on a training.",
        discussion: """
            report.html holds everything and fetches nothing: tables, distributions, confusion between vertebrae, comparisons with p values, and pages of
            the worst cases with slices and turnable surfaces. Beside it the numbers as metrics.csv, summary.csv, comparison.csv, confusion.csv and
            report.json. It names cases by their pseudonyms and holds nothing of a patient but the pictures. It prints well (to PDF).

            Examples:
              columna report 5f0e -o report
              columna report spine@1 spine@2 -o report --pictures 8
              columna report spine -o report --cases phantom-007
              columna report --training spine -o report

            With --training it is training.html: curves and a table of the epochs, the recipe, the plan, and the cases with their addresses.
            """)

    @Argument(
        help:
            "Evaluations: ids or beginnings of them, or NAME@VERSION (NAME: its promoted version) for a model's newest complete one."
    )
    var evaluations: [String] = []

    @Option(
        help: ArgumentHelp(
            "Instead: a training by its job, or its model (the newest of NAME, or that which made NAME@VERSION).",
            valueName: "training"))
    var training: String?

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("Where to write; made if it is not there.", valueName: "folder"), completion: .directory)
    var output: String

    @Option(help: "The title; from the data set and its split when left out.")
    var title: String?

    @Option(
        help: ArgumentHelp("How many of each model's worst cases get a page with pictures.", valueName: "number"),
        in: .from(0, to: 1000))
    var pictures = 4

    @Option(help: ArgumentHelp("Further cases to picture, separated by commas.", valueName: "names"))
    var cases: String?

    @Option(help: "Whose training, where several tenants train a model of that name.")
    var tenant: Tenant?

    func validate() throws {
        guard tenant == nil || training != nil else {
            throw ValidationError("--tenant says whose --training is meant: leave it out, or name a training")
        }
        guard evaluations.isEmpty != (training == nil) else {
            throw ValidationError(
                training == nil
                    ? "name at least one evaluation (see `columna evaluations`), or a training with --training"
                    : "a report is on evaluations or on --training, not on both")
        }
    }

    func run() async throws {
        let system = try SystemConnection()
        if let training { return try await report(onTraining: training, system) }
        let reporter = try await EvaluationReporter(
            try await system.evaluations(alike: evaluations), title: title, in: system)
        let named = (cases ?? "").split(separator: ",").map(String.init)
        let progress = ProgressLine()
        let page = try await reporter.write(
            reporter.pictured(worst: pictures, named: named), to: URL(filePath: output, directoryHint: .isDirectory)
        ) { progress.show($0, $1) }
        progress.end()
        print(page.path)
    }

    private func report(onTraining training: String, _ system: SystemConnection) async throws {
        let reporter = try await TrainingReporter(system.training(named: training, tenant: tenant), in: system)
        print(try await reporter.write(to: URL(filePath: output, directoryHint: .isDirectory)).path)
    }
}
