import Foundation
import JobEngine
import Metrics
import Persistence
import Registry
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct PostgresCatalogTests {
    private static let now = Date(timeIntervalSince1970: 1_750_000_000)

    @Test func versionsOfANameCountFromOneAndTheNameMeansNoneUntilOneIsPromoted() async throws {
        try await TemporaryDatabase.with { database async throws in
            let catalog = PostgresCatalog(pool: database.pool)
            for number in 1...3 { #expect(try await catalog.registerModel(Self.draft(), actor: "tester") == number) }
            #expect(try await catalog.modelVersion(name: "spine", version: nil) == nil)
            #expect(try await catalog.modelVersion(name: "spine", version: 2)?.version == 2)
            #expect(try await catalog.modelVersion(name: "spine", version: 4) == nil)
            #expect(try await catalog.modelVersion(name: "other", version: nil) == nil)
        }
    }

    @Test func aPromotedVersionIsMeantByTheNameAlone() async throws {
        try await TemporaryDatabase.with { database async throws in
            let catalog = PostgresCatalog(pool: database.pool)
            for _ in 1...2 { _ = try await catalog.registerModel(Self.draft(), actor: "tester") }
            #expect(try await catalog.promoteModel(name: "spine", version: 1, actor: "tester"))
            #expect(try await !catalog.promoteModel(name: "spine", version: 9, actor: "tester"))
            let meant = try #require(try await catalog.modelVersion(name: "spine", version: nil))
            #expect(meant.version == 1)
            #expect(meant.isPromoted)
            #expect(try await catalog.modelVersions().map(\.isPromoted) == [false, true])
        }
    }

    @Test func aVersionThatIsMadeLaterIsNotMeantByTheName() async throws {
        try await TemporaryDatabase.with { database async throws in
            let catalog = PostgresCatalog(pool: database.pool)
            let spine = ModelReference(name: "spine")
            await #expect(throws: JobFailure.self) { try await catalog.version(spine) }
            _ = try await catalog.registerModel(Self.draft(), actor: "tester")
            let unpromoted = await #expect(throws: JobFailure.self) { try await catalog.version(spine) }
            #expect(unpromoted?.class == .data && unpromoted?.code == "model-not-promoted")
            #expect(unpromoted?.reason.contains("columna models promote spine@1") == true)
            #expect(try await catalog.version("spine@1").isPromoted == false)
            #expect(try await catalog.promoteModel(name: "spine", version: 1, actor: "tester"))
            _ = try await catalog.registerModel(Self.draft(), actor: "tester")
            #expect(try await catalog.version(spine).reference == "spine@1")
            let missing = await #expect(throws: JobFailure.self) {
                try await catalog.version("spine@3")
            }
            #expect(
                missing?.code == "model-not-found"
                    && missing?.reason.contains("the newest version of spine is 2") == true)
        }
    }

    @Test func aTrainingJobLeavesOneVersionHoweverOftenItSaysSo() async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let catalog = PostgresCatalog(pool: database.pool)
            let job = try await Self.running(TrainModel.kind, store)
            var draft = Self.draft()
            draft.validationDice = 0.75
            draft.planJSON = #"{"b":1, "a":2}"#
            let epoch = EpochMetrics(epoch: 1, trainingLoss: 2, validationDice: nil, learningRate: 0.1, seconds: 3)
            #expect(
                try await store.recordWhileRunning(
                    job.record.id, token: job.token, checkpoints: [],
                    facts: [try .epochFinished(epoch)]))
            var again = epoch
            again.trainingLoss = 1
            let trained = try Fact.modelTrained(draft)
            let completion = Completion(
                outputs: [draft.weights], facts: [try .epochFinished(again), trained, trained])
            #expect(try await store.completeJobIfRunning(job.record.id, token: job.token, completion: completion))
            let versions = try await catalog.modelVersions()
            #expect(versions.count == 1)
            #expect(versions[0].job == job.record.id)
            #expect(versions[0].validationDice == 0.75)
            #expect(versions[0].planJSON == draft.planJSON)
            #expect(versions[0].weights == draft.weights)
            #expect(try await catalog.epochs(of: job.record.id).map(Self.withoutTime) == [again])
        }
    }

    @Test func aRunLeavesUpToThreeVersionsEachOnce() async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let catalog = PostgresCatalog(pool: database.pool)
            let job = try await Self.running(TrainModel.kind, store)
            let facts = try ModelVariant.allCases.map { variant in
                var draft = Self.draft()
                draft.variant = variant
                return try Fact.modelTrained(draft)
            }
            let completion = Completion(outputs: [Self.draft().weights], facts: facts + facts)
            #expect(try await store.completeJobIfRunning(job.record.id, token: job.token, completion: completion))
            let versions = try await catalog.models(of: job.record.id)
            #expect(versions.map(\.variant) == [.best, .averaged, .last] && versions.map(\.version) == [1, 2, 3])
            #expect(try await catalog.modelVersion(name: "spine", version: nil) == nil, "none is promoted by itself")
        }
    }

    @Test func aRollbackLeadsFromPromotionToPromotionBackToTheFirst() async throws {
        try await TemporaryDatabase.with { database async throws in
            let catalog = PostgresCatalog(pool: database.pool)
            for _ in 1...3 { _ = try await catalog.registerModel(Self.draft(), actor: "tester") }
            #expect(try await catalog.rollBackModel(name: "spine", actor: "tester") == nil, "none was promoted")
            // The same twice is one promotion.
            for version in [2, 1, 1, 3] {
                #expect(try await catalog.promoteModel(name: "spine", version: version, actor: "tester"))
            }
            for (from, to) in [(3, 1), (1, 2)] {
                let step = try #require(try await catalog.rollBackModel(name: "spine", actor: "tester"))
                #expect(step.withdrawn == from && step.standing == to)
                #expect(try await catalog.modelVersion(name: "spine", version: nil)?.version == to)
            }
            #expect(try await catalog.rollBackModel(name: "spine", actor: "tester") == nil, "2 was the first")
            #expect(try await catalog.promoteModel(name: "spine", version: 3, actor: "tester"))
            let last = try #require(try await catalog.rollBackModel(name: "spine", actor: "tester"))
            #expect(last.standing == 2, "what was withdrawn is not gone back to")
            let actions = try await database.pool.run(
                Statement(
                    "actions", "SELECT subject FROM columna.audit WHERE action = 'model-rolled-back' ORDER BY id")())
            #expect(try actions.map { try $0.string("subject") } == ["spine@3", "spine@1", "spine@3"])
        }
    }

    @Test func anEpochIsKeptWithAllItsFiguresAndToldAsAnEvent() async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let catalog = PostgresCatalog(pool: database.pool)
            let training = TrainModel(model: "spine", dataSet: "spines", planJSON: "{}", recipeJSON: "{}")
            _ = try await store.enqueue([try JobRequest(training, tenant: "clinic")])
            let job = try #require(
                try await store.claimAvailableJobs(ClaimRequest(stage: .training, worker: "w")).first)
            var epoch = EpochMetrics(
                epoch: 1, trainingLoss: 1.5, validationDice: 0.5, learningRate: 0.1, seconds: 3)
            (epoch.diceLoss, epoch.crossEntropy) = (1, 0.5)
            (epoch.validationDiceByClass, epoch.pseudoDice) = (["20": 0.5], ["20": 0.75, "21": 0.25])
            (epoch.validationLoss, epoch.judgedDice) = (1.75, 0.5)
            (epoch.rateHalvings, epoch.waitedShare, epoch.peakMemoryInBytes) = (1, 0.25, 1 << 33)
            #expect(
                try await store.recordWhileRunning(
                    job.record.id, token: job.token, checkpoints: [],
                    facts: [
                        try .epochFinished(epoch),
                        try .trainingRemarked(TrainingRemark(.returned, "the loss was no number")),
                    ]))
            #expect(try await catalog.epochs(of: job.record.id).map(Self.withoutTime) == [epoch])
            #expect(
                try await catalog.remarks(of: job.record.id).map(\.remark)
                    == [TrainingRemark(.returned, "the loss was no number")])
            let events = try await database.pool.run(
                Statement(
                    "epoch_events",
                    "SELECT routing_key, type, subject, data::text AS data FROM columna.outbox WHERE type = 'columna.training.epoch'"
                )())
            #expect(events.count == 1)
            #expect(try events[0].string("routing_key") == "training.epoch")
            #expect(try events[0].string("subject") == job.record.id.description)
            let told = try JSONDecoder().decode(ToldEpoch.self, from: Data(try events[0].string("data").utf8))
            #expect(
                told
                    == ToldEpoch(
                        job: job.record.id.description, tenant: "clinic", model: "spine", dataSet: "spines", epoch: 1,
                        trainingLoss: 1.5, validationLoss: 1.75, judgedDice: 0.5, pseudoDice: ["20": 0.75, "21": 0.25],
                        waitedShare: 0.25,
                        peakMemoryInBytes: 1 << 33))
            let view = try await database.pool.run(
                Statement(
                    "training_epochs",
                    "SELECT model, pseudo_dice, job_state, validation_loss, judged_dice FROM analytics.training_epochs")()
            )
            #expect(try view.map { try $0.string("model") } == ["spine"])
            #expect(try view[0].double("pseudo_dice") == 0.5)
            #expect(try view[0].double("validation_loss") == 1.75 && view[0].double("judged_dice") == 0.5)
        }
    }

    /// The clock is the database's.
    private static func withoutTime(_ epoch: EpochMetrics) throws -> EpochMetrics {
        var epoch = epoch
        _ = try #require(epoch.endedAt)
        epoch.endedAt = nil
        return epoch
    }

    private struct ToldEpoch: Decodable, Equatable {
        let job, tenant, model, dataSet: String
        let epoch: Int
        let trainingLoss, validationLoss, judgedDice: Double
        let pseudoDice: [String: Double]
        let waitedShare: Double
        let peakMemoryInBytes: Int
    }

    @Test func casesOfADataSetAreOrderedByNameAndReplacedByName() async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let catalog = PostgresCatalog(pool: database.pool)
            let job = try await Self.running(PreprocessVolume.kind, store)
            var cases = ["b", "a", "b"].enumerated().map { index, name in
                DataSetCase(
                    dataSet: "spines", name: name, tenant: "clinic",
                    image: Self.artifact(ArtifactKind.networkImage.role, "1"),
                    label: Self.artifact(ArtifactKind.networkLabel.role, "2"), planDigest: "\(index)",
                    split: index == 0 ? "test" : nil)
            }
            let completion = Completion(
                outputs: cases.flatMap { [$0.image, $0.label] }, facts: try cases.map(Fact.caseAdded))
            #expect(try await store.completeJobIfRunning(job.record.id, token: job.token, completion: completion))
            // A case keeps its split when it is imported anew; a new one is for training.
            (cases[1].split, cases[2].split) = ("train", "test")
            #expect(try await catalog.cases(dataSet: "spines", tenant: "clinic", split: nil) == [cases[1], cases[2]])
            #expect(try await catalog.cases(dataSet: "spines", tenant: "clinic", split: "train") == [cases[1]])
            #expect(try await catalog.cases(dataSet: "spines", tenant: "other", split: nil) == [])
            #expect(
                try await catalog.dataSets(tenant: nil) == [
                    DataSetSummary(name: "spines", tenant: "clinic", caseCount: 2)
                ])
        }
    }

    /// Its preparation may be under way when a case is deleted; it was of split test and must not come back as one to
    /// learn from.
    @Test func aDeletedCaseIsNotBroughtBackByItsPreparation() async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let catalog = PostgresCatalog(pool: database.pool)
            func finish(_ request: JobRequest) async throws {
                _ = try await store.enqueue([request])
                let claim = ClaimRequest(stage: PreprocessVolume.kind.stage, worker: "w")
                let job = try #require(try await store.claimAvailableJobs(claim).first)
                let made = DataSetCase(
                    dataSet: "spines", name: "a", tenant: "clinic",
                    image: Self.artifact(ArtifactKind.networkImage.role, "3"),
                    label: Self.artifact(ArtifactKind.networkLabel.role, "4"), planDigest: "p", split: nil)
                #expect(
                    try await store.completeJobIfRunning(
                        job.record.id, token: job.token,
                        completion: Completion(
                            outputs: [made.image, made.label], facts: [try .caseAdded(made)])))
            }
            let preparation = PreprocessVolume(
                order: StudyOrder(pipeline: .import, dataSet: "spines", caseName: "a", cropsToLabel: true))
            try await finish(JobRequest(preparation, tenant: "clinic"))
            #expect(try await catalog.cases(dataSet: "spines", tenant: "clinic", split: nil) == [])
            try await finish(JobRequest(kind: PreprocessVolume.kind, tenant: "clinic"))
            try await finish(JobRequest(preparation, tenant: "clinic"))
            #expect(try await catalog.cases(dataSet: "spines", tenant: "clinic", split: "train").count == 1)
        }
    }

    @Test func anEvaluationIsFoundWithTheSourcesOfItsCases() async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let catalog = PostgresCatalog(pool: database.pool)
            let (volume, truth) = (
                Self.artifact(ArtifactKind.volume.role, "1"), Self.artifact(ArtifactKind.truth.role, "2")
            )
            let job = try await Self.running(PreprocessVolume.kind, inputs: [truth, volume], store)
            let prepared = DataSetCase(
                dataSet: "spines", name: "a", tenant: "clinic",
                image: Self.artifact(ArtifactKind.networkImage.role, "3"),
                label: Self.artifact(ArtifactKind.networkLabel.role, "4"), planDigest: "p", split: "test")
            let completion = Completion(
                outputs: [prepared.image, prepared.label], facts: [try .caseAdded(prepared)])
            #expect(try await store.completeJobIfRunning(job.record.id, token: job.token, completion: completion))
            let snapshot = try await catalog.snapshot(dataSet: "spines", tenant: "clinic")
            #expect(
                snapshot.cases == [SourceCase(prepared: prepared, split: "test", volume: volume, truth: truth)])
            // SHA-256 of "a test sha256:11… sha256:22…".
            #expect(snapshot.digest == "2d140bfdc96878198723d07077781a2b5a3b8e8d9e00f60893225e0c5963d6a2")
            _ = try await catalog.registerModel(Self.draft(), actor: "tester")
            let jobs = [SegmentVolume.kind, EvaluateSegmentation.kind].map { JobRequest(kind: $0, tenant: "clinic") }
            _ = try await store.enqueue(jobs)
            let evaluation = Evaluation(
                id: EvaluationID(),
                identity: Evaluation.Identity(
                    tenant: "clinic", dataSet: "spines", snapshot: snapshot.digest, split: "test", modelName: "spine",
                    modelVersion: 1, codeVersion: "1", optionsJSON: "{}", repairs: false),
                cases: [
                    Evaluation.Case(
                        name: "a", segmentation: jobs[0].id, measurement: jobs[1].id,
                        volume: volume.address, truth: truth.address)
                ], summaryJob: nil, orderedAt: Self.now)
            try await database.setClock(Self.now)
            try await catalog.register(evaluation, of: snapshot, actor: "tester")
            #expect(try await catalog.evaluation(evaluation.id) == evaluation)
        }
    }

    @Test func measurementsKeepWhatIsUndefined() async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let job = try await Self.running(EvaluateSegmentation.kind, store)
            var measured = JobStoreConformance.measured(nil)
            measured.metrics.classes[0].meshSurface = SurfaceDistances(
                truthToPredicted: DirectedDistances(
                    maximum: 0.1 + 0.2, percentile95: 1e-300, mean: .pi, rootMeanSquare: 1 / 3, points: 7),
                predictedToTruth: DirectedDistances(
                    maximum: 0, percentile95: 0, mean: 0, rootMeanSquare: 0, points: 1))
            var unrepaired = measured
            unrepaired.variant = .unrepaired
            let completion = Completion(facts: [try .caseMeasured(unrepaired), try .caseMeasured(measured)])
            #expect(try await store.completeJobIfRunning(job.record.id, token: job.token, completion: completion))
            #expect(
                try await PostgresCatalog(pool: database.pool).measurements(of: [job.record.id]) == [
                    measured, unrepaired,
                ])
        }
    }

    @Test func aStudyIsFoundWithItsState() async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            var study = Study(tenant: "clinic", pipeline: .import, messageID: "m", replyTo: "q", correlationID: "c")
            let job = JobRequest(kind: IngestStudy.kind, tenant: "clinic")
            try await database.setClock(Self.now)
            _ = try await PostgresStudies(pool: database.pool).submit(study, first: job)
            study.createdAt = Self.now
            let catalog = PostgresCatalog(pool: database.pool)
            #expect(try await catalog.study(study.id) == study)
            let described = try Fact.volumeDescribed(study: study.id, json: #"{"spacing":[1,1,1]}"#)
            let claimed = try await store.claimAvailableJobs(ClaimRequest(stage: .ingestion, worker: "w"))
            #expect(
                try await store.completeJobIfRunning(
                    job.id, token: claimed[0].token, completion: Completion(facts: [described])))
            study.state = .succeeded
            #expect(try await catalog.study(study.id) == study)
        }
    }

    private static func draft() -> ModelVersionDraft {
        ModelVersionDraft(
            name: "spine", weights: artifact(ArtifactKind.weights.role, "a"), planJSON: "{}", recipeJSON: "{}",
            dataSet: "spines",
            validationDice: nil)
    }

    private static func artifact(_ role: String, _ digit: Character) -> ArtifactReference {
        ArtifactReference(
            role: role, address: .repeating(digit), byteCount: 1, mediaType: "a/b")
    }

    private static func running(
        _ kind: JobKind, inputs: [ArtifactReference] = [], _ store: PostgresJobStore
    ) async throws -> ClaimedJob {
        _ = try await store.enqueue([JobRequest(kind: kind, tenant: "clinic", inputs: inputs)])
        return try #require(try await store.claimAvailableJobs(ClaimRequest(stage: kind.stage, worker: "w")).first)
    }
}
