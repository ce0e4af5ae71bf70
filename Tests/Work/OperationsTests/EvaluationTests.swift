import CohortAnalysis
import Documents
import Evaluations
import Faults
import Foundation
import JobEngine
import Learning
import Operations
import Persistence
import Plans
import Reports
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct EvaluationTests {
    private static func request(_ split: String = "test") -> EvaluationRequest {
        EvaluationRequest(dataSet: SystemFixture.dataSet, split: split, tenant: SystemFixture.tenant)
    }

    /// Of one case, that no worker has touched.
    private static func place(_ model: ModelVersion, _ fixture: SystemFixture) async throws -> Evaluation {
        let order = try await request().order(model, in: fixture.system)
        return try await request().place(order, in: fixture.system).evaluation
    }

    private static func measure(_ fixture: SystemFixture) async throws {
        try await fixture.end(
            .inference, Completion(outputs: [SystemFixture.artifact(ArtifactKind.labelMap.role, "f")]))
        try await fixture.end(
            .evaluation, Completion(facts: [try .caseMeasured(JobStoreConformance.measured(nil))]))
    }

    @Test func aModelIsMeasuredOnTheCasesOfItsSplitAndOnce() async throws {
        try await SystemFixture.with { fixture in
            try await fixture.importCase("case-1", split: "test")
            try await fixture.importCase("case-2")
            let model = try await fixture.importModel()
            let order = try await Self.request().order(model, in: fixture.system)
            let placed = try await Self.request().place(order, in: fixture.system)
            // It is segmented, measured and summed up.
            #expect(placed.newJobs == 3 && placed.evaluation.cases.map(\.name) == ["case-1"])
            #expect(try await Self.request().place(order, in: fixture.system).newJobs == 0)
            let run = try #require(try await fixture.system.run(of: placed.evaluation))
            #expect(run.state == .running && run.cases == 1 && run.measured == 0)
            #expect(
                run.document.line.hasPrefix(
                    #"{"evaluation": "\#(run.evaluation)", "state": "running", "model": "spine@1", "data_set": "lumbar", "split": "test""#
                ))
            #expect(try await fixture.system.evaluationRuns(limit: 5) == [run])
        }
    }

    /// The measurement of an evaluation does not know of the repairs that its segmentation was ordered with.
    @Test(arguments: [true, false]) func analystsAreToldOfEachRowWhetherRepairsWereOrdered(repairs: Bool) async throws {
        try await SystemFixture.with { fixture in
            try await fixture.importCase("case-1", split: "test")
            var request = Self.request()
            request.repairs = repairs
            let order = try await request.order(try await fixture.importModel(), in: fixture.system)
            let evaluation = try await request.place(order, in: fixture.system).evaluation
            try await fixture.end(
                .inference, Completion(outputs: [SystemFixture.artifact(ArtifactKind.labelMap.role, "f")]))
            var unrepaired = JobStoreConformance.measured(nil)
            unrepaired.variant = .unrepaired
            let rows = repairs ? [JobStoreConformance.measured(nil), unrepaired] : [JobStoreConformance.measured(nil)]
            try await fixture.end(.evaluation, Completion(facts: try rows.map { try .caseMeasured($0) }))
            let told = try await fixture.system.pool.run(
                Statement(
                    "told_repairs",
                    """
                    SELECT metric.repairs, history.repairs AS ordered
                    FROM analytics.case_metrics AS metric
                    JOIN analytics.run_history AS history ON history.evaluation = ANY (metric.evaluations)
                    WHERE history.evaluation = $1
                    """)(.uuid(evaluation.id.uuid)))
            #expect(told.count == rows.count)
            for row in told {
                #expect(try row.boolean("repairs") == repairs)
                #expect(try row.boolean("ordered") == repairs)
            }
        }
    }

    @Test func whatCannotBeMeasuredIsSaidBeforeAnythingIsOrdered() async throws {
        try await SystemFixture.with { fixture in
            let model = try await fixture.importModel()
            let nothing = await #expect(throws: OperationError.self) {
                _ = try await Self.request().order(model, in: fixture.system)
            }
            #expect(nothing?.code == .missing && nothing?.description.hasSuffix("see `columna dataset list`") == true)
            try await fixture.importCase("case-1")
            let split = await #expect(throws: OperationError.self) {
                _ = try await Self.request().order(model, in: fixture.system)
            }
            #expect(split?.description.contains("has no case in split 'test' (1 in train)") == true)
            #expect(try await fixture.store.jobs(JobFilter(stage: .inference)).isEmpty)
        }
    }

    @Test func whoeverMeasuresAModelOnWhatItLearnedIsTold() async throws {
        try await SystemFixture.with { fixture in
            try await fixture.importCase("case-1")
            let draft = try SystemFixture.draft()
            _ = try await TrainingOrder(
                model: "spine", dataSet: SystemFixture.dataSet, tenant: SystemFixture.tenant, plan: Plan(),
                recipe: Recipe()
            ).place(in: fixture.system)
            try await fixture.end(.training, Completion(outputs: [draft.weights], facts: [try .modelTrained(draft)]))
            let model = try await fixture.system.model("spine@1")
            let request = Self.request("all")
            _ = try await request.place(try await request.order(model, in: fixture.system), in: fixture.system)
            #expect(
                fixture.remarks == [
                    "spine@1 has learned from 1 of these 1 case: its figures are not those of new cases"
                ])
        }
    }

    @Test func anEvaluationIsFoundByTheBeginningOfItsIdAndByItsModelOnceItIsComplete() async throws {
        try await SystemFixture.with { fixture in
            try await fixture.importCase("case-1", split: "test")
            let placed = try await Self.place(try await fixture.importModel(), fixture)
            let id = placed.id.description
            #expect(try await fixture.system.evaluation(id).id == placed.id)
            #expect(try await fixture.system.evaluation(String(id.prefix(6))).id == placed.id)
            let error = await #expect(throws: OperationError.self) {
                _ = try await fixture.system.evaluation("spine@1")
            }
            #expect(error?.code == .missing)
        }
    }

    @Test func oneEvaluationIsNotComparedWithItselfNorOneVersion() async throws {
        try await SystemFixture.with { fixture in
            try await fixture.importCase("case-1", split: "test")
            let model = try await fixture.importModel()
            let reference = model.reference
            let versions = await #expect(throws: OperationError.self) {
                _ = try await EvaluationPair(reference, reference, by: Self.request(), in: fixture.system)
            }
            #expect(versions?.code == .badInput)
            #expect(try await fixture.system.evaluationRuns(limit: 5).isEmpty)
            let id = try await Self.place(model, fixture).id.description
            let same = await #expect(throws: OperationError.self) {
                _ = try await EvaluationPair(id, id, in: fixture.system)
            }
            #expect(same?.description == "\(id) and \(id) are one evaluation: there is nothing to compare")
        }
    }

    @Test func twoModelsAreComparedOnWhatBothHaveMeasured() async throws {
        try await SystemFixture.with { fixture in
            try await fixture.importCase("case-1", split: "test")
            for _ in 1...2 { _ = try await fixture.importModel() }
            let pair = try await EvaluationPair(
                "spine@1", "spine@2", by: Self.request(), in: fixture.system)
            #expect(pair.names.first == "spine@1" && pair.names.second == "spine@2")
            let placed = try await pair.place(priority: .bulk, in: fixture.system)
            #expect(try await fixture.store.job(#require(placed.job))?.kind == CompareEvaluations.kind)
            try await Self.measure(fixture)
            let result = try await ComparisonResult(pair, placed.comparison, in: fixture.system)
            #expect(!result.rows.isEmpty)
            guard case .object(let members) = result.document else { throw CancellationError() }
            #expect(members.map(\.key) == ["comparison", "a", "b", "model_a", "model_b", "rows"])
        }
    }

    @Test func whatWasMeasuredIsShownAndReported() async throws {
        try await SystemFixture.with { fixture in
            try await fixture.importCase("case-1", split: "test")
            let evaluation = try await Self.place(try await fixture.importModel(), fixture)
            let early = await #expect(throws: OperationError.self) {
                _ = try await EvaluationReporter([evaluation], in: fixture.system)
            }
            #expect(early?.code == .missing)
            try await Self.measure(fixture)
            let run = try #require(try await fixture.system.run(of: evaluation))
            let result = try await EvaluationResult(run, evaluation, in: fixture.system)
            #expect(result.cohort.cases.map(\.name) == ["case-1"])
            guard case .object(let members) = result.document else { throw CancellationError() }
            #expect(members.map(\.key).suffix(3) == ["summaries", "bad_cases", "truth_notes"])
            let reporter = try await EvaluationReporter([evaluation], in: fixture.system)
            #expect(reporter.report.title == "spine@1 on lumbar, split test")
            let stranger = #expect(throws: OperationError.self) { try reporter.pictured(worst: 0, named: ["case-9"]) }
            #expect(stranger?.description == "no evaluation has a case 'case-9'; there are case-1…")
            let folder = FileManager.default.temporaryDirectory.appending(path: "report-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            let pictured = try reporter.pictured(worst: 0, named: ["case-1"])
            let page = try await reporter.write(pictured, to: folder)
            #expect(FileManager.default.fileExists(atPath: page.path))
            #expect(
                fixture.remarks.last?.hasPrefix("1 of 1 pictured cases have no bytes in the storage of this machine")
                    == true)
        }
    }
}
