import Foundation
import JobEngine
import Persistence
import Registry
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct AnalyticsTests {
    @Test(arguments: [
        "columna.jobs", "columna.studies", "columna.class_metrics", "columna.audit", "columna.outbox",
        "columna.artifacts",
        "columna_schema.schema_migrations",
    ])
    func anAnalystCannotRead(_ table: String) async throws {
        try await TemporaryDatabase.with { database async throws in
            let error = await #expect(throws: PostgresError.self) {
                try await readAsAnalyst("SELECT count(*) FROM \(table)", database.pool)
            }
            #expect(error?.sqlState == "42501")
        }
    }

    @Test(arguments: [
        "UPDATE analytics.case_metrics SET dice = 1", "DELETE FROM analytics.model_versions",
        "CREATE TABLE analytics.mine (x int)",
        "CREATE TABLE public.mine (x int)", "SELECT nextval('columna.fencing_tokens')",
        "SELECT columna.require_lease(true)",
    ])
    func anAnalystCannotDo(_ sql: String) async throws {
        try await TemporaryDatabase.with { database async throws in
            let error = await #expect(throws: PostgresError.self) { try await readAsAnalyst(sql, database.pool) }
            // 55000: a view over a join cannot be updated by anybody.
            #expect(["42501", "55000"].contains(error?.sqlState))
        }
    }

    @Test(arguments: [
        "case_metrics", "class_confusion", "class_distances", "class_agreements", "evaluation_cases", "class_summary",
        "model_comparison",
        "bad_cases", "run_history", "job_lineage", "model_versions", "training_epochs", "model_gates",
        "job_status", "held_deliveries", "segmentation_review", "segmentation_classes", "segmentation_findings",
    ])
    func anAnalystReadsTheView(_ view: String) async throws {
        try await TemporaryDatabase.with { database async throws in
            try await readAsAnalyst("SELECT * FROM analytics.\(view)", database.pool)
        }
    }

    @Test func everyColumnOfTheEvaluationViewsIsExplained() async throws {
        try await TemporaryDatabase.with { database async throws in
            let sql = """
                SELECT format('%s.%s', view.relname, attribute.attname) AS name
                FROM pg_class AS view
                JOIN pg_attribute AS attribute ON attribute.attrelid = view.oid AND attribute.attnum > 0
                WHERE view.relnamespace = 'analytics'::regnamespace
                    AND view.relname NOT IN ('model_versions', 'job_lineage', 'job_status')
                    AND col_description(view.oid, attribute.attnum) IS NULL
                """
            let unexplained = try await database.pool.run(Statement("unexplained_columns", sql)()).map {
                try $0.string("name")
            }
            #expect(unexplained == [])
        }
    }

    @Test func analystsSeeNeitherAStudysFolderNorItsIdentifier() async throws {
        try await TemporaryDatabase.with { database async throws in
            let order = StudyOrder(pipeline: .segment, model: "spine@1")
            let jobs = [
                try JobRequest(
                    RetrieveStudy(order: order, source: "pacs", studyInstanceUID: "1.2.34567"), tenant: "a"),
                try JobRequest(
                    IngestStudy(order: order, path: "/studies/Doe^Jane", labelPath: "/labels/Doe^Jane"), tenant: "a"),
            ]
            _ = try await PostgresJobStore(pool: database.pool, bookkeeping: .studies).enqueue(jobs)
            let rows = try await database.pool.run(
                Statement("shown_parameters", "SELECT parameters::text AS parameters FROM analytics.job_lineage")())
            let shown = try rows.map { try $0.string("parameters") }
            #expect(shown.count == 2)
            for text in shown {
                #expect(text.contains("spine@1"))
                for secret in ["1.2.34567", "Doe"] { #expect(!text.contains(secret)) }
            }
        }
    }

    @Test func theLineageLeadsFromAMetricBackToTheStudysBytes() async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let study = Study(tenant: "clinic", pipeline: .segment, messageID: "m")
            let ingest = JobRequest(kind: IngestStudy.kind, tenant: "clinic")
            _ = try await PostgresStudies(pool: database.pool).submit(study, first: ingest)
            let volume = artifact(ArtifactKind.volume.role, "1")
            let labelMap = artifact(ArtifactKind.labelMap.role, "2")
            let weights = artifact(ArtifactKind.weights.role, "3")
            _ = try await PostgresCatalog(pool: database.pool).registerModel(
                ModelVersionDraft(
                    name: "spine", weights: weights, planJSON: "{}", recipeJSON: "{}", dataSet: nil, validationDice: nil
                ),
                actor: "tester")
            let segment = child(of: ingest, SegmentVolume.kind, inputs: [volume, weights])
            let evaluate = child(of: segment, EvaluateSegmentation.kind, inputs: [labelMap])
            try await run(ingest, Completion(outputs: [volume], children: [segment]), store)
            try await run(segment, Completion(outputs: [labelMap], children: [evaluate]), store)
            try await run(
                evaluate, Completion(facts: [try .caseMeasured(JobStoreConformance.measured(study.id))]), store)

            let metric = try await database.pool.run(
                Statement("metric", "SELECT job, dice, precision, presence, tenant FROM analytics.case_metrics")())
            #expect(metric.count == 1)
            #expect(try metric[0].uuid("job") == evaluate.id.uuid)
            #expect(try metric[0].optionalDouble("precision") == nil)
            #expect(try metric[0].string("presence") == "truth only")
            let lineage = try await database.pool.run(
                Statement(
                    "lineage",
                    "SELECT job, role, producing_job, model_version, code_version FROM analytics.job_lineage WHERE direction = 'input'"
                )())
            let steps = try lineage.map { try Step($0) }
            #expect(
                steps.contains(
                    Step(
                        job: evaluate.id.uuid, role: ArtifactKind.labelMap.role, producer: segment.id.uuid, model: nil,
                        code: "1.2.3"
                    )))
            #expect(
                steps.contains(
                    Step(
                        job: segment.id.uuid, role: ArtifactKind.volume.role, producer: ingest.id.uuid, model: nil,
                        code: "1.2.3")))
            #expect(
                steps.contains(
                    Step(
                        job: segment.id.uuid, role: ArtifactKind.weights.role, producer: nil, model: "spine@1",
                        code: "1.2.3")))
        }
    }

    @Test(arguments: [true, nil]) func aStudysFiguresAreOfNoEvaluationAndSayWhetherRepairsWereOrdered(
        repairs: Bool?
    ) async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let order = StudyOrder(pipeline: .segment, repairs: repairs)
            let evaluate = try JobRequest(EvaluateSegmentation(order: order), tenant: "clinic")
            _ = try await store.enqueue([evaluate])
            try await run(evaluate, Completion(facts: [try .caseMeasured(JobStoreConformance.measured(nil))]), store)
            let rows = try await database.pool.run(
                Statement("belonging", "SELECT evaluations::text AS evaluations, repairs FROM analytics.case_metrics")()
            )
            #expect(rows.count == 1)
            #expect(try rows[0].string("evaluations") == "{}")
            #expect(try rows[0].boolean("repairs") == (repairs == true))
        }
    }

    @Test func twoModelsOfTheSameWeightsAreToldApartByWhatTheJobWasOrderedWith() async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let weights = artifact(ArtifactKind.weights.role, "3")
            for name in ["spine", "copy"] {
                _ = try await PostgresCatalog(pool: database.pool).registerModel(
                    ModelVersionDraft(
                        name: name, weights: weights, planJSON: "{}", recipeJSON: "{}", dataSet: nil,
                        validationDice: nil), actor: "tester")
            }
            for (model, shown) in [
                ("copy@1" as ModelReference?, "copy@1"), ("spine@1", "spine@1"), (nil, "spine@1"),
                ("other@1", "spine@1"),
            ] {
                let segmentation = SegmentVolume(order: StudyOrder(pipeline: .segment, model: model))
                let job = try JobRequest(segmentation, tenant: "clinic", inputs: [weights])
                _ = try await store.enqueue([job])
                let rows = try await database.pool.run(
                    Statement("lineage_of", "SELECT model_version FROM analytics.job_lineage WHERE job = $1")(
                        .uuid(job.id.uuid)))
                #expect(try rows.map { try $0.string("model_version") } == [shown])
            }
        }
    }

    fileprivate struct Step: Equatable {
        var job: UUID
        var role: String
        var producer: UUID?
        var model: String?
        var code: String
    }

    private func readAsAnalyst(_ sql: String, _ pool: PostgresPool) async throws {
        _ = try await pool.run([
            Statement("become_analyst", "SET LOCAL ROLE columna_analyst")(), Statement("read", sql)(),
        ])
    }

    private func artifact(_ role: String, _ digit: Character) -> ArtifactReference {
        ArtifactReference(
            role: role, address: .repeating(digit), byteCount: 1, mediaType: "a/b")
    }

    private func child(of parent: JobRequest, _ kind: JobKind, inputs: [ArtifactReference]) -> JobRequest {
        JobRequest(kind: kind, tenant: "clinic", parents: [parent.id], inputs: inputs)
    }

    private func run(_ job: JobRequest, _ completion: Completion, _ store: PostgresJobStore) async throws {
        let claimed = try await store.claimAvailableJobs(
            ClaimRequest(stage: job.kind.stage, worker: "w", codeVersion: "1.2.3"))
        let token = try #require(claimed.first?.token)
        #expect(try await store.completeJobIfRunning(job.id, token: token, completion: completion))
    }
}

extension AnalyticsTests.Step {
    fileprivate init(_ row: PostgresRow) throws {
        self.init(
            job: try row.uuid("job"), role: try row.string("role"), producer: try row.optionalUUID("producing_job"),
            model: try row.optionalString("model_version"), code: try row.string("code_version"))
    }
}
