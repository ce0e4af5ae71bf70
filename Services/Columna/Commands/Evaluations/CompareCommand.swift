import ArgumentParser
import Console
import JobEngine
import Metrics
import Operations
import Studies

/// `columna compare A B`: two models on the same cases.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compare two models, or two evaluations, case by case.",
        discussion: """
            With --data-set, A and B are models: what is not measured yet is measured first. Without it they are evaluations (see `columna evaluations`).
            Shown are differences A − B with paired tests (t, Wilcoxon) corrected by Holm over the classes, and the unpaired Welch test; every metric and
            test stands in analytics.model_comparison and with --json.

            With --published, A, B or both are models of a paper's table: delimited text with the columns class, metric, mean and standard_deviation,
            model where there are several (else the file's name is the model's) and n, or --cases for all. Tests are unpaired then.

            Examples:
              columna compare spine@1 spine@2 --data-set lumbar
              columna compare 5f0e 81aa --metric hausdorff95
              columna compare spine@2 spineCT-nnUNet --published paper.csv --cases 60
            """)

    @Argument(help: "A model (NAME[@VERSION]) with --data-set, else an evaluation; or a model of --published.")
    var a: String

    @Argument(help: "The other.")
    var b: String

    @OptionGroup var options: EvaluationOptions

    @Option(
        help: ArgumentHelp(
            "The metrics to show (default: dice and hausdorff95, of published figures all); see --json for all.",
            valueName: "name"))
    var metric: [Metric] = []

    @Option(
        help: ArgumentHelp("A table of published figures; again for more.", valueName: "file"), completion: .file())
    var published: [String] = []

    @Option(
        help: ArgumentHelp("How many cases are behind published figures that do not say.", valueName: "n"),
        in: .from(2, to: 1_000_000))
    var cases: Int?

    @Option(help: ArgumentHelp("Give up waiting after so long (exit code 75).", valueName: "seconds"), in: .seconds)
    var timeout: Double?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard cases == nil || !published.isEmpty else {
            throw ValidationError("--cases is of the figures of a paper: name its table with --published FILE")
        }
    }

    func run() async throws {
        guard published.isEmpty else { return try await comparePublished() }
        let models = options.dataSet == nil ? nil : (try model(a), try model(b), try options.request())
        let system = try SystemConnection()
        let pair =
            if let (a, b, request) = models {
                try await EvaluationPair(a, b, by: request, in: system)
            } else {
                try await EvaluationPair(a, b, in: system)
            }
        let follower = StudyFollower(system, timeoutInSeconds: timeout)
        let order = try await pair.place(priority: options.priority, in: system)
        for one in [pair.first, pair.second] {
            try await follower.requireComplete(try await follower.follow(one), one)
        }
        if let job = order.job {
            try follower.requireSucceeded(try await follower.follow(job: job), "the comparison")
        }
        show(try await ComparisonResult(pair, order.comparison, in: system))
    }

    func model(_ text: String) throws -> ModelReference {
        guard let model = ModelReference(rawValue: text) else {
            throw ValidationError("'\(text)' is no model: expected NAME or NAME@VERSION")
        }
        return model
    }

    private func show(_ result: ComparisonResult) {
        let (a, b) = result.pair.names
        let identity = result.pair.first.identity
        output.show(result.document) {
            print(
                "\(a) − \(b), \(identity.dataSet), split \(identity.split): mean ± standard deviation; d is Cohen's d of the pairs"
            )
            for metric in metric.isEmpty ? [.dice, .hausdorff95] : metric {
                print(
                    "\n\(metric.row.titleWithUnit)\n"
                        + EvaluationPresentation.table(result.rows, of: metric, result.labelSet, a, b))
            }
        }
    }
}
