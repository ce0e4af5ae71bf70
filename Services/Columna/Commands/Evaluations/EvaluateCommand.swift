import ArgumentParser
import Console
import Documents
import Evaluations
import Foundation
import JobEngine
import Operations
import Studies

/// `columna evaluate`: measures a model over a split of a data set, one job per case, or shows a study's stored
/// metrics.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure a model over a split of a data set, or show a study's metrics.",
        discussion: """
            Every case is segmented and measured by jobs of its own, and a last job sums them up. An evaluation is named by the data set's contents, the
            split, the model version, the options and the code version: ordering it again makes only what is missing and tries anew what failed, and
            two models are measured on the same cases. Cases come into split test with `columna dataset import --split test` or `columna dataset split`.
            For two label maps without any system use `columna metrics`.

            Examples:
              columna evaluate spine --data-set lumbar --wait
              columna evaluate spine@2 --data-set lumbar --split all --repair --wait --json
              columna evaluate --study 1b4e28ba-2fa1-41d2-883f-0016d3cca427
            """)

    @Argument(help: "The model: NAME (its promoted version) or NAME@VERSION.")
    var model: ModelReference?

    @Option(help: ArgumentHelp("A study that came with a ground truth.", valueName: "id"))
    var study: StudyID?

    @OptionGroup var options: EvaluationOptions

    @Flag(help: "Wait until all cases are measured; exit code 1 if one could not be.")
    var wait = false

    @OptionGroup var timeout: TimeoutOption

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (study != nil) != (model != nil) else { throw ValidationError("name a model, or --study ID") }
        guard model == nil || options.dataSet != nil else {
            throw ValidationError("name the data set whose cases are measured with --data-set")
        }
    }

    func run() async throws {
        let system = try SystemConnection()
        if let study { return try await show(study, system) }
        guard let model else { return }
        let request = try options.request()
        let placed = try await request.place(
            try await request.order(try await system.model(model), in: system), in: system)
        let evaluation = placed.evaluation
        remark(
            "columna: evaluation \(evaluation.id) of \(evaluation.model) over \(Wording.count(evaluation.cases.count, "case")): "
                + "\(Wording.count(placed.newJobs, "new job"))"
                + (placed.revivedJobs > 0 ? ", \(placed.revivedJobs) tried anew" : ""))
        guard wait else {
            let run = try await system.run(of: evaluation)
            return output.show(run?.document ?? nil) {
                print(
                    run?.state == .complete
                        ? "all is measured: `columna evaluations \(evaluation.model)` shows it"
                        : "follow it with `columna evaluations`, or order it again with --wait")
            }
        }
        let follower = StudyFollower(system, timeoutInSeconds: timeout.seconds)
        let run = try await follower.follow(evaluation)
        let result = try await EvaluationResult(run, evaluation, in: system)
        output.show(result.document) { result.show() }
        try await follower.requireComplete(run, evaluation)
    }

    private func show(_ study: StudyID, _ system: SystemConnection) async throws {
        let metrics = try await StudyReport(study, in: system).requireMetrics()
        output.show(metrics.document) { print(MetricsPresentation.table(metrics)) }
    }
}
