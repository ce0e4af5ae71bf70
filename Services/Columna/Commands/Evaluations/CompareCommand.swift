import Anatomy
import ArgumentParser
import CohortAnalysis
import Console
import Documents
import Evaluations
import Foundation
import JobEngine
import Metrics
import Operations
import Studies
import Threads

/// `columna compare A B`: two models on the same cases.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compare two models, or two evaluations, case by case.",
        discussion: """
            With --data-set, A and B are models: what is not measured yet is measured first. Without it they are evaluations (see `columna evaluations`).
            Shown are differences A − B with paired tests (t, Wilcoxon) corrected by Holm over the classes, and the unpaired Welch test; every metric and
            test stands in analytics.model_comparison and with --json.

            Examples:
              columna compare spine@1 spine@2 --data-set lumbar
              columna compare 5f0e 81aa --metric hausdorff95
            """)

    @Argument(help: "A model (NAME[@VERSION]) with --data-set, else an evaluation.")
    var a: String

    @Argument(help: "The other.")
    var b: String

    @OptionGroup var options: EvaluationOptions

    @Option(help: ArgumentHelp("The metrics to show; see --json for all.", valueName: "name"))
    var metric: [Metric] = [.dice, .hausdorff95]

    @Option(help: ArgumentHelp("Give up waiting after so long (exit code 75).", valueName: "seconds"))
    var timeout: Double?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let (first, second) = try await options.dataSet == nil ? measured(system) : ordered(system)
        remarkOnCases(first, second)
        let follower = StudyFollower(system, timeoutInSeconds: timeout)
        let order = try await ComparisonOrder(first, second, priority: options.priority).place(
            in: system.store, system.catalog, actor: system.actor)
        for one in [first, second] { try await follower.requireComplete(try await follower.follow(one), one) }
        if let job = order.job {
            let ended = try await follower.follow(job: job)
            guard ended.state == .succeeded else {
                throw CommandFailure(
                    .failed,
                    "the comparison ended as \(ended.state.rawValue): \(ended.failure?.description ?? "no reason given")"
                )
            }
        }
        try await show(first, second, order.comparison, system)
    }

    private func remarkOnCases(_ first: Evaluation, _ second: Evaluation) {
        let places = [first, second].map {
            "\($0.identity.dataSet), split \($0.identity.split), snapshot \($0.identity.snapshot.prefix(8))"
        }
        if places[0] != places[1] {
            remark(
                "columna: the two are of different cases (\(places[0]); \(places[1])); pairs are those measured on the same bytes"
            )
        }
    }

    /// Evaluations that there are.
    private func measured(_ system: SystemConnection) async throws -> (Evaluation, Evaluation) {
        let first = try await system.evaluation(a)
        let second = try await system.evaluation(b, like: first)
        guard first.id != second.id else { throw nothingToCompare }
        return (first, second)
    }

    /// Evaluations of two models. Both are checked before either is ordered: a comparison that fails starts nothing.
    private func ordered(_ system: SystemConnection) async throws -> (Evaluation, Evaluation) {
        let (modelA, modelB) = (try model(a), try model(b))
        let (versionA, versionB) = (try await system.model(modelA.reference), try await system.model(modelB.reference))
        guard versionA.reference != versionB.reference else { throw nothingToCompare }
        let orders = (try await options.order(versionA, in: system), try await options.order(versionB, in: system))
        return (
            try await options.place(orders.0, in: system).evaluation,
            try await options.place(orders.1, in: system).evaluation
        )
    }

    private func model(_ text: String) throws -> ModelArgument {
        guard let model = ModelArgument(argument: text) else {
            throw ValidationError("'\(text)' is no model: expected NAME or NAME@VERSION")
        }
        return model
    }

    private var nothingToCompare: CommandFailure {
        CommandFailure(.badData, "\(a) and \(b) are one evaluation: there is nothing to compare")
    }

    private func show(_ first: Evaluation, _ second: Evaluation, _ comparison: UUID, _ system: SystemConnection)
        async throws
    {
        let labelSet = LabelSet.spine25
        let cohorts = (
            try await Cohort.measured(first, in: system.catalog), try await Cohort.measured(second, in: system.catalog)
        )
        let rows = await OwnThread.run {
            CohortComparison.compare(cohorts.0, cohorts.1, labels: labelSet.labels.map(\.value))
        }
        let (a, b) = (name(first, unlike: second), name(second, unlike: first))
        let json: JSONValue = [
            "comparison": JSONValue(comparison), "a": JSONValue(first.id), "b": JSONValue(second.id),
            "model_a": JSONValue(first.model),
            "model_b": JSONValue(second.model), "rows": EvaluationPresentation.json(rows, labelSet),
        ]
        output.show(json) {
            print(
                "\(a) − \(b), \(first.identity.dataSet), split \(first.identity.split): mean ± standard deviation; d is Cohen's d of the pairs"
            )
            for metric in metric {
                print(
                    "\n\(metric.row.titleWithUnit)\n"
                        + EvaluationPresentation.table(rows, of: metric, labelSet, a, b))
            }
        }
    }

    /// The model, and what else tells two evaluations of one model apart.
    private func name(_ one: Evaluation, unlike other: Evaluation) -> String {
        guard one.model == other.model else { return one.model }
        if one.identity.repairs != other.identity.repairs {
            return one.model + (one.identity.repairs ? " repaired" : " as is")
        }
        return "\(one.model) (\(one.id.uuidString.lowercased().prefix(4)))"
    }
}
