import Foundation
import JobEngine
import Persistence
import Phantoms
import Studies
import Testing

extension RunningSystemTests {
    /// A model over a split of a data set: one job per case, a join, and nothing done twice.
    @Suite struct EvaluationTests {
        @Test func everyCaseOfTheSplitIsMeasuredAndSummedUp() async throws {
            let system = try await RunningSystem.shared
            let measured = try await MeasuredModel.shared
            let run = measured.result
            #expect(run.state == "complete" && run.cases == 2 && run.measured == 2 && run.failed == 0)
            #expect(
                run.model == measured.model.reference.rawValue && run.split == "test"
                    && run.data_set == MeasuredModel.dataSet)

            let summary = try await system.rows(
                "test-summary",
                """
                SELECT summary.class_value, summary.n, summary.mean, own.n AS own_n, own.mean AS own_mean
                FROM analytics.class_summary AS summary
                JOIN (
                    SELECT metric.class_value, count(metric.dice) AS n, avg(metric.dice) AS mean
                    FROM analytics.case_metrics AS metric
                    JOIN analytics.evaluation_cases AS member ON member.job = metric.job
                    WHERE member.evaluation = $1 AND metric.variant = 'delivered'
                    GROUP BY metric.class_value
                ) AS own ON own.class_value = summary.class_value
                WHERE summary.evaluation = $1 AND summary.metric = 'dice' AND summary.variant = 'delivered'
                """, .uuid(run.evaluation))
            #expect(summary.count == 25)
            for row in summary {
                #expect(try row.integer("n") == row.integer("own_n"))
                let (stored, own) = (try row.optionalDouble("mean"), try row.optionalDouble("own_mean"))
                #expect((stored == nil) == (own == nil))
                if let stored, let own { #expect(abs(stored - own) < 1e-12) }
            }
            let counts = try await system.rows(
                "test-belonging",
                """
                SELECT
                    (SELECT count(*) FROM analytics.case_metrics WHERE $1 = ANY (evaluations) AND NOT repairs) AS told,
                    (SELECT count(*) FROM analytics.case_metrics JOIN analytics.evaluation_cases AS member USING (job)
                        WHERE member.evaluation = $1) AS joined
                """, .uuid(run.evaluation))
            #expect(try counts[0].integer("told") == counts[0].integer("joined"))
            #expect(try counts[0].integer("told") >= 50)
            let history = try await system.rows(
                "test-history",
                "SELECT mean_dice, worker_code_versions::text AS code, snapshot FROM analytics.run_history WHERE evaluation = $1",
                .uuid(run.evaluation))
            #expect(try history[0].optionalDouble("mean_dice") == run.mean_dice)
            #expect(try history[0].string("code").contains("0.1.0"))
        }

        @Test func theLabelMapThatWasMeasuredIsInTheLineage() async throws {
            let system = try await RunningSystem.shared
            let run = try await MeasuredModel.shared.result
            let rows = try await system.rows(
                "test-evaluation-lineage",
                """
                SELECT producer.kind AS kind
                FROM columna.evaluation_cases AS member
                JOIN analytics.job_lineage AS lineage ON lineage.job = member.measurement AND lineage.direction = 'input' AND lineage.role = 'label-map'
                JOIN columna.jobs AS producer ON producer.id = lineage.producing_job AND producer.id = member.segmentation
                WHERE member.evaluation = $1
                """, .uuid(run.evaluation))
            #expect(try rows.map { try $0.string("kind") } == ["segment-volume", "segment-volume"])
        }

        @Test func whoNamesTheWrongTenantIsToldWhoseTheDataSetIs() async throws {
            let (system, model) = (
                try await RunningSystem.shared, try await MeasuredModel.shared.model.reference.rawValue
            )
            let done = try await system.columna([
                "evaluate", model, "--data-set", MeasuredModel.dataSet, "--tenant", "nobody",
            ])
            #expect(
                done.status == 1
                    && done.errors.contains(
                        "of tenant nobody has no cases: tenant local has one of that name, say --tenant local"),
                "\(done.errors)")
        }

        @Test func orderingItAgainMakesNothing() async throws {
            let system = try await RunningSystem.shared
            let measured = try await MeasuredModel.shared
            let again = try await MeasuredModel.evaluate(measured.model.reference.rawValue)
            #expect(again.result.evaluation == measured.result.evaluation)
            #expect(again.remarks.contains(" 0 new jobs"))
            #expect(again.result.mean_dice == measured.result.mean_dice)
            let jobs = try await system.rows(
                "test-summaries-of",
                "SELECT count(*) AS count FROM columna.jobs WHERE kind = 'summarize-evaluation' AND parameters ->> 'evaluation' = $1",
                .text(measured.result.evaluation.uuid.uuidString))
            #expect(try jobs[0].integer("count") == 1)
        }

        @Test func aCaseThatWasCancelledIsTriedAnewWithTheNextOrder() async throws {
            let system = try await RunningSystem.shared
            let model = try await MeasuredModel.shared.model.reference.rawValue
            // Other options are another evaluation of the same label maps.
            let options = ["--tolerance", "2", "--no-mesh"]
            try await system.store.setPaused(true, stage: .evaluation, actor: "test")
            let ordered = try await system.columna(
                ["evaluate", model, "--data-set", MeasuredModel.dataSet, "--json"] + options)
            let first = try JSONDecoder().decode(EvaluationJSON.self, from: Data(ordered.output.utf8))
            #expect(first.state == "running")
            let evaluation = try #require(try await system.catalog.evaluation(first.evaluation))
            #expect(try await system.store.cancelJob(evaluation.cases[0].measurement, actor: "test") == .cancelled)
            try await system.store.setPaused(false, stage: .evaluation, actor: "test")
            try await eventually("the other case is measured") {
                try await system.catalog.runs(of: first.evaluation, limit: 1).first {
                    $0.measured == 1 && $0.state == .incomplete
                }
            }
            let again = try await MeasuredModel.evaluate(model, options)
            #expect(again.remarks.contains("tried anew"))
            #expect(
                again.result.evaluation == first.evaluation && again.result.state == "complete"
                    && again.result.measured == 2)
        }

        @Test func aCaseThatFailedCanBeLeftOut() async throws {
            let system = try await RunningSystem.shared
            let model = try await MeasuredModel.shared.model.reference.rawValue
            let options = ["--tolerance", "4", "--no-mesh"]
            try await system.store.setPaused(true, stage: .evaluation, actor: "test")
            let ordered = try await system.columna(
                ["evaluate", model, "--data-set", MeasuredModel.dataSet, "--json"] + options)
            let first = try JSONDecoder().decode(EvaluationJSON.self, from: Data(ordered.output.utf8))
            let evaluation = try #require(try await system.catalog.evaluation(first.evaluation))
            _ = try await system.store.cancelJob(evaluation.cases[1].measurement, actor: "test")
            try await system.store.setPaused(false, stage: .evaluation, actor: "test")
            try await eventually("the other case is measured") {
                try await system.catalog.runs(of: first.evaluation, limit: 1).first {
                    $0.measured == 1 && $0.state == .incomplete
                }
            }
            let without = try await MeasuredModel.evaluate(model, options + ["--skip-failed"])
            #expect(without.result.evaluation == first.evaluation && without.result.state == "complete")
            #expect(without.result.measured == 1 && without.result.failed == 1)
            let n = try await system.rows(
                "test-left-out", "SELECT max(n) AS n FROM analytics.class_summary WHERE evaluation = $1",
                .uuid(first.evaluation))
            #expect(try n[0].integer("n") == 1)
        }

        @Test func twoModelsAreComparedOnWhatIsMeasuredAlready() async throws {
            let system = try await RunningSystem.shared
            let measured = try await MeasuredModel.shared
            let other = try await MeasuredModel.other
            let segmentations = try await segmentationCount(system)
            let result = try await system.columna(
                [
                    "compare", measured.model.reference.rawValue, other, "--data-set", MeasuredModel.dataSet, "--json",
                    "--timeout", "120",
                ])
            #expect(result.status == 0, "\(result.errors)")
            // Two cases of the other model; those of the first are there.
            #expect(try await segmentationCount(system) == segmentations + 2)
            let shown = try JSONDecoder().decode(ComparisonJSON.self, from: Data(result.output.utf8))
            #expect(shown.a == measured.result.evaluation && shown.model_b == other)
            let stored = try await system.rows(
                "test-comparison",
                """
                SELECT class_value, pairs, mean_difference, paired_p FROM analytics.model_comparison
                WHERE comparison = $1 AND metric = 'dice' AND class_value = 22
                """, .uuid(shown.comparison))
            let row = try #require(shown.rows.first { $0.metric == "dice" && $0.class == 22 })
            #expect(try stored[0].integer("pairs") == row.pairs && row.pairs == 2)
            #expect(try stored[0].optionalDouble("mean_difference") == row.mean_difference)
            #expect(shown.rows.count == 23 * 26)
            let reversed = try await system.columna(["compare", shown.a.description, shown.a.description])
            #expect(reversed.status == 65)
        }

        @Test(arguments: [["tiny@1", "tiny@99"], ["tiny", "tiny@1"], ["tiny", "nobody"], ["tiny@1", "no model"]])
        func aComparisonThatFailsStartsNothing(_ models: [String]) async throws {
            let system = try await RunningSystem.shared
            _ = try await MeasuredModel.shared
            let started =
                "SELECT count(*) AS count FROM columna.jobs WHERE parameters::text LIKE '%\"pipeline\":\"evaluate\"%'"
            let before = try await system.rows("test-evaluation-jobs", started)[0].integer("count")
            // Measured with a tolerance of its own, so that each model would have something to start.
            let result = try await system.columna(
                ["compare"] + models + ["--data-set", MeasuredModel.dataSet, "--tolerance", "7.5", "--timeout", "1"])
            #expect([1, 64, 65].contains(result.status), "\(result.errors)")
            #expect(try await system.rows("test-evaluation-jobs", started)[0].integer("count") == before)
        }

        @Test func aNameIsMeasuredAsItsPromotedVersion() async throws {
            let system = try await RunningSystem.shared
            _ = try await MeasuredModel.other
            let unpromoted = try await system.columna(["evaluate", "other", "--data-set", MeasuredModel.dataSet])
            #expect(
                unpromoted.status == 1 && unpromoted.errors.contains("columna models promote other@1"),
                "\(unpromoted.errors)")
            #expect(try await MeasuredModel.evaluate("tiny").result.model == "tiny@1")
        }

        @Test func anEmptySplitIsSaidWithTheSplitsThereAre() async throws {
            let system = try await RunningSystem.shared
            let model = try await MeasuredModel.shared.model.reference.rawValue
            let result = try await system.columna([
                "evaluate", model, "--data-set", MeasuredModel.dataSet, "--split", "holdout",
            ])
            #expect(result.status == 65)
            #expect(result.errors.contains("no case in split 'holdout' (1 in train, 2 in test)"))
        }

        @Test func modelsDoNotLearnFromWhatTheyAreMeasuredOn() async throws {
            let system = try await RunningSystem.shared
            _ = try await MeasuredModel.shared
            let cases = try await system.catalog.cases(
                dataSet: MeasuredModel.dataSet, tenant: "local", split: DataSetCase.trainingSplit)
            #expect(cases.map(\.name) == ["case-3"])
            let job = try #require(try await system.catalog.modelVersion(name: "other", version: 1)?.job)
            let parameters = try await system.store.job(job)?.parameters ?? ""
            #expect(parameters.contains(#""name":"case-3""#))
            #expect(!parameters.contains(#""name":"case-1""#) && !parameters.contains(#""name":"case-2""#))
        }

        private func segmentationCount(_ system: RunningSystem) async throws -> Int {
            try await system.rows(
                "test-segmentations",
                "SELECT count(*) AS count FROM columna.jobs WHERE kind = 'segment-volume' AND study IS NULL")[0]
                .integer("count")
        }
    }
}

/// A data set of three phantoms, two of them to be measured on, and the tiny model measured on those.
struct MeasuredModel: Sendable {
    static let dataSet = "measured"

    let model: ModelVersion
    let result: EvaluationJSON

    static var shared: MeasuredModel {
        get async throws { try await measuring.value }
    }

    /// A model trained on this data set.
    static var other: String {
        get async throws { try await training.value }
    }

    private static let measuring = Task.detached { try await measure() }
    private static let training = Task.detached { try await train() }

    private static func measure() async throws -> MeasuredModel {
        let (system, model) = (try await RunningSystem.shared, try await TinyModel.version)
        let folder = system.inputs.appending(path: "cases", directoryHint: .isDirectory)
        try await succeed(
            [
                "dataset", "import", folder.path, "--data-set", dataSet, "--plan", try await TinyModel.planFile.path,
                "--wait", "--timeout", "120",
            ], system)
        try await succeed(["dataset", "split", dataSet, "--to", "test", "--cases", "case-1,case-2"], system)
        return MeasuredModel(model: model, result: try await evaluate(model.reference.rawValue).result)
    }

    private static func train() async throws -> String {
        _ = try await shared
        let system = try await RunningSystem.shared
        let recipe = system.inputs.appending(path: "other-recipe.json")
        try Data(TinyModel.recipe(epochs: 1).utf8).write(to: recipe)
        try await succeed(
            [
                "train", "start", "--data-set", dataSet, "--model", "other", "--plan",
                try await TinyModel.planFile.path,
                "--recipe", recipe.path, "--wait",
                "--timeout", "120",
            ], system)
        return "other@1"
    }

    static func evaluate(_ model: String, _ options: [String] = []) async throws -> (
        result: EvaluationJSON, remarks: String
    ) {
        let system = try await RunningSystem.shared
        let done = try await succeed(
            ["evaluate", model, "--data-set", dataSet, "--wait", "--timeout", "120", "--json"] + options, system)
        return (try JSONDecoder().decode(EvaluationJSON.self, from: Data(done.output.utf8)), done.errors)
    }

    @discardableResult
    private static func succeed(_ arguments: [String], _ system: RunningSystem) async throws
        -> RunningSystem.CommandResult
    {
        let result = try await system.columna(arguments)
        guard result.status == 0 else {
            throw Unexpected("\(arguments[0]) ended with \(result.status): \(result.output)\(result.errors)")
        }
        return result
    }
}

/// What `columna evaluate --json` prints.
struct EvaluationJSON: Sendable, Decodable {
    var evaluation: EvaluationID
    var state: String
    var model: String
    var data_set: String
    var split: String
    var cases: Int
    var measured: Int
    var failed: Int
    var mean_dice: Double?
}

private struct ComparisonJSON: Decodable {
    struct Row: Decodable {
        var metric: String
        var `class`: Int?
        var pairs: Int
        var mean_difference: Double?
    }

    var comparison: ComparisonID
    var a: EvaluationID
    var model_b: String
    var rows: [Row]
}
