import Documents
import Faults
import Foundation
import JobEngine
import Learning
import Networks
import Operations
import Persistence
import Plans
import Registry
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct CorrectionTests {
    private static let tenant = SystemFixture.tenant

    // MARK: What people do

    /// A study that spine@1 segmented, of a CT of its own.
    private static func segmentedStudy(_ fixture: SystemFixture, volume: Character, labels: Character = "f")
        async throws -> StudyID
    {
        let (study, _) = try await fixture.queuedStudy()
        let segmentation = try JobRequest(
            SegmentVolume(order: StudyOrder(pipeline: .segment, model: "spine@1")), tenant: tenant, study: study)
        try await fixture.end(
            .ingestion,
            Completion(outputs: [SystemFixture.artifact(ArtifactKind.volume.role, volume)], children: [segmentation]))
        try await fixture.end(
            .inference, Completion(outputs: [SystemFixture.artifact(ArtifactKind.labelMap.role, labels)]))
        return study
    }

    /// Submits a correction and reads it, as ingestion does; what follows is queued.
    @discardableResult
    private static func correct(
        _ fixture: SystemFixture, _ study: StudyID, volume: Character, labels: Character, author: String? = nil
    ) async throws -> JobID {
        let request = try await submit(fixture, study, author: author)
        let corrected = SystemFixture.artifact(ArtifactKind.correctedLabels.role, labels)
        let accepted = AcceptedCorrection(
            volume: .repeating(volume), labels: corrected.address, parent: .repeating("f"), parentModel: "spine@1",
            voxels: 40, changedVoxels: 7, changedClasses: [20, 21])
        try await fixture.end(
            .ingestion,
            Completion(
                outputs: [corrected], facts: [try .correctionAccepted(accepted)],
                children: [try JobRequest(LearnFromCorrections(model: "spine", step: .consider), tenant: tenant)]))
        return request
    }

    private static func submit(_ fixture: SystemFixture, _ study: StudyID, author: String? = nil) async throws -> JobID
    {
        let order = Study(tenant: tenant, pipeline: .correct, messageID: UUID().uuidString)
        let request = try JobRequest(
            IngestCorrection(order: StudyOrder(pipeline: .correct), study: study, labelPath: "/x"), tenant: tenant)
        _ = try await PostgresStudies(pool: fixture.system.pool).submit(
            order, first: request, correcting: PostgresStudies.SentCorrection(study: study, author: author))
        return request.id
    }

    /// Two cases to learn from and one to judge by, a promoted version, and a policy.
    private static func prepare(_ fixture: SystemFixture, after number: Int) async throws {
        try await fixture.importCase("known", image: "4", volume: "1")
        try await fixture.importCase("other", image: "5", volume: "2")
        try await fixture.importCase("judge", split: "test", image: "6", volume: "3")
        _ = try await fixture.importModel()
        try await fixture.system.promote("spine@1")
        _ = try await fixture.system.setCorrectionPolicy(
            model: "spine", tenant: tenant, after: number, dataSet: SystemFixture.dataSet, split: "test", recipe: nil,
            forAllTenants: false)
        #expect(try await work(fixture).map(\.summary) == ["0 new corrections of \(number)"])
    }

    /// Runs the steps that are queued, all at once, and ends their jobs.
    @discardableResult
    private static func work(_ fixture: SystemFixture) async throws -> [Completion] {
        let jobs = try await fixture.store.claimAvailableJobs(
            ClaimRequest(stage: .evaluation, worker: "w", limit: 20))
        return try await withThrowingTaskGroup(of: Completion.self) { group in
            for job in jobs {
                group.addTask {
                    let completion = try await CorrectionSteps(fixture.system).run(
                        LearnFromCorrections(of: job.record), of: job.record)
                    _ = try await fixture.store.completeJobIfRunning(
                        job.record.id, token: job.token, completion: completion)
                    return completion
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Makes the cases that a data set of corrections waits for, as preprocessing does.
    ///
    /// - Returns: what each was ordered of.
    @discardableResult
    private static func endPreparations(_ fixture: SystemFixture) async throws -> [String: (
        split: String?, volume: ContentAddress?, truth: ContentAddress?
    )] {
        let jobs = try await fixture.store.claimAvailableJobs(
            ClaimRequest(stage: .preprocessing, worker: "w", limit: 10))
        var made: [String: (split: String?, volume: ContentAddress?, truth: ContentAddress?)] = [:]
        for (job, image) in zip(jobs, "9a" as String) {
            let order = try PreprocessVolume(of: job.record).order
            let name = try #require(order.caseName)
            made[name] = (order.split, job.inputs.first(of: .volume)?.address, job.inputs.first(of: .truth)?.address)
            let added = DataSetCase(
                dataSet: try #require(order.dataSet), name: name, tenant: tenant,
                image: SystemFixture.artifact(ArtifactKind.networkImage.role, image),
                label: SystemFixture.artifact(ArtifactKind.networkLabel.role, "0"),
                planDigest: try Plan().preprocessingSignature(), split: order.split)
            _ = try await fixture.store.completeJobIfRunning(
                job.record.id, token: job.token,
                completion: Completion(outputs: [added.image, added.label], facts: [try .caseAdded(added)]))
        }
        return made
    }

    /// A round of one correction that has trained spine@2, and waits to be judged.
    private static func trainRound(_ fixture: SystemFixture) async throws -> JobID {
        try await prepare(fixture, after: 1)
        let study = try await segmentedStudy(fixture, volume: "7")
        let correction = try await correct(fixture, study, volume: "7", labels: "8")
        try await work(fixture)
        try await endPreparations(fixture)
        try await work(fixture)
        let draft = try SystemFixture.draft()
        try await fixture.end(.training, Completion(outputs: [draft.weights], facts: [try .modelTrained(draft)]))
        return correction
    }

    // MARK: -

    @Test func whoCorrectedWhatIsListedAndAnalystsDoNotSeeWho() async throws {
        try await SystemFixture.with { fixture in
            let study = try await Self.segmentedStudy(fixture, volume: "7")
            let job = try await Self.correct(fixture, study, volume: "7", labels: "8", author: "Reader 4")
            let one = try #require(try await fixture.system.corrections(tenant: Self.tenant, limit: 5).first)
            #expect(one.job == job && one.study == study && one.author == "Reader 4" && one.state == .succeeded)
            #expect(one.accepted?.parentModel == "spine@1" && one.accepted?.changedClasses == [20, 21])
            #expect(one.dataSets.isEmpty && one.heldOutOf.isEmpty)
            #expect(try await fixture.system.corrections(tenant: "elsewhere", limit: 5).isEmpty)
            let seen = try await fixture.system.pool.run(
                Statement("seen", "SELECT to_jsonb(seen)::text AS seen FROM analytics.corrections AS seen")())
            #expect(try seen.count == 1 && !seen[0].string("seen").contains("Reader"))
            // Neither the job nor what is announced of it has the name.
            let told = try await fixture.system.pool.run(
                Statement(
                    "told",
                    "SELECT parameters::text AS told FROM columna.jobs UNION ALL SELECT data::text FROM columna.outbox"
                )())
            #expect(try told.count > 3 && told.allSatisfy { try !$0.string("told").contains("Reader") })
        }
    }

    @Test func whatWasAcceptedDoesNotChange() async throws {
        try await SystemFixture.with { fixture in
            let study = try await Self.segmentedStudy(fixture, volume: "7")
            try await Self.correct(fixture, study, volume: "7", labels: "8")
            for sql in ["UPDATE columna.corrections SET author = 'x'", "DELETE FROM columna.corrections"] {
                let refused = await #expect(throws: PostgresError.self) {
                    _ = try await fixture.system.pool.run(Statement("change", sql)())
                }
                #expect(refused?.sqlState == "55000")
            }
        }
    }

    @Test func aStudyIsCorrectableForItsTenantAlone() async throws {
        try await SystemFixture.with { fixture in
            let study = try await Self.segmentedStudy(fixture, volume: "7")
            try await Self.correct(fixture, study, volume: "7", labels: "8")
            let corrections = PostgresCorrections(pool: fixture.system.pool)
            let own = try await corrections.correctable(study, tenant: Self.tenant)
            #expect(own.volume?.address == .repeating("7"))
            #expect(own.labels.map(\.origin) == [.correction, .segmentation])
            #expect(own.labels.allSatisfy { $0.model == "spine@1" })
            let others = try await corrections.correctable(study, tenant: "elsewhere")
            #expect(others.volume == nil && others.labels.isEmpty)
        }
    }

    /// Accepted once, such a label would end the training of every later round.
    @Test func aLabelThatTheModelHasNoClassForIsRefused() async throws {
        try await SystemFixture.with { fixture in
            var withoutSacrum = Plan()
            withoutSacrum.labelSet = "spine-24"
            withoutSacrum.network.segResNet?.outputChannels = 25
            try withoutSacrum.validate()
            _ = try await fixture.importModel(plan: withoutSacrum)
            _ = try await fixture.importModel()
            let catalog = fixture.system.catalog
            try await catalog.requireClasses(for: [20, 24], in: "spine@1")
            try await catalog.requireClasses(for: [20, 25], in: "spine@2")
            func refusal(_ values: [Int], _ model: ModelReference) async -> JobFailure? {
                do { try await catalog.requireClasses(for: values, in: model) } catch { return error as? JobFailure }
                return nil
            }
            let refused = try #require(await refusal([24, 25], "spine@1"))
            #expect(refused.class == .data && refused.code == "labels-outside-model")
            #expect(refused.reason.contains("model spine@1 has no class for label 25, its label set is spine-24"))
            // Rounds begin with the promoted version, whichever made the parent.
            try await fixture.system.promote("spine@1")
            let promoted = try #require(await refusal([25], "spine@2"))
            #expect(promoted.reason.contains("model spine@1 has no class for label 25"))
        }
    }

    @Test func ofManyWhoAskAtOnceOneBeginsTheRound() async throws {
        try await SystemFixture.with { fixture in
            try await Self.prepare(fixture, after: 2)
            for (volume, labels) in zip("789", "bcd") as Zip2Sequence<String, String> {
                let study = try await Self.segmentedStudy(fixture, volume: volume)
                try await Self.correct(fixture, study, volume: volume, labels: labels)
            }
            // Three jobs, one for each correction.
            let ended = try await Self.work(fixture)
            #expect(ended.count == 3 && ended.count { !$0.children.isEmpty } == 1)
            let rounds = try await fixture.system.correctionRounds(tenant: Self.tenant)
            #expect(rounds.map(\.number) == [1] && rounds[0].newCorrections == 3 && rounds[0].state == "under-way")
            #expect(rounds[0].beginsWith == "spine@1" && rounds[0].dataSet == "spine-corrected-1")
            let policy = try #require(try await fixture.system.correctionPolicies(tenant: nil).first)
            #expect(policy.pending == 0 && policy.heldBack == nil)
            // The next begins with the next two.
            for (volume, labels) in zip("de", "12") as Zip2Sequence<String, String> {
                let study = try await Self.segmentedStudy(fixture, volume: volume)
                try await Self.correct(fixture, study, volume: volume, labels: labels)
            }
            try await Self.work(fixture)
            #expect(try await fixture.system.correctionRounds(tenant: Self.tenant).map(\.number) == [2, 1])
        }
    }

    @Test func whoBeganARoundBeginsTheSameWhenTheEndWasNotWritten() async throws {
        try await SystemFixture.with { fixture in
            try await Self.prepare(fixture, after: 1)
            let study = try await Self.segmentedStudy(fixture, volume: "7")
            try await Self.correct(fixture, study, volume: "7", labels: "8")
            let job = try #require(
                try await fixture.store.claimAvailableJobs(ClaimRequest(stage: .evaluation, worker: "w")).first)
            let step = try LearnFromCorrections(of: job.record)
            let first = try await CorrectionSteps(fixture.system).run(step, of: job.record)
            let second = try await CorrectionSteps(fixture.system).run(step, of: job.record)
            #expect(first.children.map(\.deduplicationKey) == second.children.map(\.deduplicationKey))
            #expect(try await fixture.system.correctionRounds(tenant: nil).count == 1)
        }
    }

    /// What is held out stays so, whatever was corrected.
    @Test func theNewDataSetHasTheCorrectedCasesAndHoldsOutWhatWasHeldOut() async throws {
        try await SystemFixture.with { fixture in
            try await Self.prepare(fixture, after: 2)
            var studies: [Character: StudyID] = [:]
            for (volume, labels) in zip("137", "bcd") as Zip2Sequence<String, String> {
                studies[volume] = try await Self.segmentedStudy(fixture, volume: volume)
                try await Self.correct(fixture, try #require(studies[volume]), volume: volume, labels: labels)
            }
            // The newest counts.
            try await Self.correct(fixture, try #require(studies["7"]), volume: "7", labels: "e")
            try await Self.work(fixture)
            let made = try await Self.endPreparations(fixture)
            let new = "corrected-\(try #require(studies["7"]))"
            #expect(made.keys.sorted() == [new, "known"])
            #expect(try #require(made["known"]) == ("train", .repeating("1"), .repeating("b")))
            #expect(try #require(made[new]) == ("train", .repeating("7"), .repeating("e")))
            let cases = try await fixture.system.cases(of: "spine-corrected-1", tenant: Self.tenant)
            #expect(cases.map(\.name) == [new, "judge", "known", "other"])
            #expect(cases.map(\.split) == ["train", "test", "train", "train"])
            #expect(cases[1].image.address == .repeating("6"), "byte for byte as it was")
            let uses = try await fixture.system.corrections(tenant: nil, limit: 9).map { [$0.dataSets, $0.heldOutOf] }
            #expect(
                uses == [
                    [["spine-corrected-1"], []], [[], []], [[], ["spine-corrected-1"]], [["spine-corrected-1"], []],
                ])

            // The training waits for them, and begins with the promoted version at a tenth of the rate.
            try await Self.work(fixture)
            let training = try #require(
                try await fixture.store.claimAvailableJobs(ClaimRequest(stage: .training, worker: "w")).first
            ).record
            let order = try TrainModel(of: training)
            #expect(order.startsFrom == "spine@1" && order.correctionRound == 1 && order.dataSet == "spine-corrected-1")
            #expect(order.cases?.map(\.name) == [new, "known", "other"])
            let recipe = try Recipe(json: Data(order.recipeJSON.utf8))
            #expect(recipe.epochs == 10 && recipe.learningRate == 1e-5)
        }
    }

    @Test func aCorrectionOfWhatIsHeldOutCountsForNoRound() async throws {
        try await SystemFixture.with { fixture in
            try await Self.prepare(fixture, after: 1)
            let study = try await Self.segmentedStudy(fixture, volume: "3")
            try await Self.correct(fixture, study, volume: "3", labels: "b")
            #expect(try await Self.work(fixture).map(\.summary) == ["0 new corrections of 1"])
            #expect(try await fixture.system.correctionRounds(tenant: nil).isEmpty)
        }
    }

    @Test func whatCannotBeAPolicyIsSaidAtOnce() async throws {
        try await SystemFixture.with { fixture in
            try await Self.prepare(fixture, after: 1)
            func refusal(model: String = "spine", after: Int = 3, split: String = "test") async -> OperationErrorCode? {
                await #expect(throws: OperationError.self) {
                    _ = try await fixture.system.setCorrectionPolicy(
                        model: model, tenant: Self.tenant, after: after, dataSet: SystemFixture.dataSet, split: split,
                        recipe: nil, forAllTenants: false)
                }?.code
            }
            #expect(await refusal(model: "spine@1") == .usage)
            #expect(await refusal(model: "brain") == .missing)
            #expect(await refusal(after: 0) == .usage)
            #expect(await refusal(split: "train") == .usage)
            #expect(await refusal(split: "nowhere") == .badInput)
            try await fixture.system.removeCorrectionPolicy(model: "spine", tenant: Self.tenant)
            let none = await #expect(throws: OperationError.self) {
                try await fixture.system.removeCorrectionPolicy(model: "spine", tenant: Self.tenant)
            }
            #expect(none?.code == .missing)
        }
    }

    /// A study of another tenant that a model is to segment.
    private static func otherStudy(_ fixture: SystemFixture, _ tenant: Tenant, _ model: String) async throws {
        let study = Study(tenant: tenant, pipeline: .segment, messageID: UUID().uuidString)
        let first = try JobRequest(
            SegmentVolume(order: StudyOrder(pipeline: .segment, model: ModelReference(rawValue: model))),
            tenant: tenant, study: study.id)
        _ = try await PostgresStudies(pool: fixture.system.pool).submit(study, first: first)
    }

    /// A model is no tenant's, and a promoted version serves all that name it.
    @Test func aModelThatSegmentsForOthersTakesAPolicyOnlyForAll() async throws {
        try await SystemFixture.with { fixture in
            try await Self.prepare(fixture, after: 1)
            for (tenant, model) in [("a-ward", "brain@1"), ("b-ward", "spine@1"), ("z-ward", "spine")] {
                for _ in 1...2 { try await Self.otherStudy(fixture, Tenant(tenant), model) }
            }
            func set(forAllTenants: Bool) async throws {
                _ = try await fixture.system.setCorrectionPolicy(
                    model: "spine", tenant: Self.tenant, after: 3, dataSet: SystemFixture.dataSet, split: "test",
                    recipe: nil, forAllTenants: forAllTenants)
            }
            let refused = await #expect(throws: OperationError.self) { try await set(forAllTenants: false) }
            #expect(refused?.code == .refused)
            let words = try #require(refused?.description)
            #expect(
                words.contains("model spine segments for 2 other tenants than radiology") && !words.contains("ward"))
            try await set(forAllTenants: true)
            let policies = try await fixture.system.correctionPolicies(tenant: nil)
            #expect(policies.map(\.policy.afterCorrections) == [3] && policies[0].policy.forAllTenants)
            #expect(policies[0].heldBack == nil)
        }
    }

    @Test func aTenantThatComesLaterHoldsTheRoundsBack() async throws {
        try await SystemFixture.with { fixture in
            try await Self.prepare(fixture, after: 1)
            try await Self.otherStudy(fixture, "elsewhere", "spine@1")
            let study = try await Self.segmentedStudy(fixture, volume: "7")
            try await Self.correct(fixture, study, volume: "7", labels: "8")
            let told = try await Self.work(fixture).map(\.summary)
            #expect(told.count == 1 && told[0].contains("no round begins: model spine segments for 1 other"))
            #expect(try await fixture.system.correctionRounds(tenant: nil).isEmpty)
            let policy = try #require(try await fixture.system.correctionPolicies(tenant: nil).first)
            #expect(policy.pending == 1 && policy.heldBack?.contains("--for-all-tenants") == true)
            // It begins when the policy says that it may.
            _ = try await fixture.system.setCorrectionPolicy(
                model: "spine", tenant: Self.tenant, after: 1, dataSet: SystemFixture.dataSet, split: "test",
                recipe: nil, forAllTenants: true)
            try await Self.work(fixture)
            #expect(try await fixture.system.correctionRounds(tenant: nil).map(\.number) == [1])
        }
    }

    @Test(arguments: [false, true]) func whoCameWhileARoundWentOnIsNotServedUnasked(_ isAllowed: Bool) async throws {
        try await SystemFixture.with { fixture in
            _ = try await Self.trainRound(fixture)
            try await Self.work(fixture)
            try await fixture.measure(better: "spine@2")
            try await Self.otherStudy(fixture, "elsewhere", "spine@1")
            if isAllowed {
                _ = try await fixture.system.setCorrectionPolicy(
                    model: "spine", tenant: Self.tenant, after: 9, dataSet: SystemFixture.dataSet, split: "test",
                    recipe: nil, forAllTenants: true)
                try await Self.work(fixture)
            } else {
                let refused = await #expect(throws: OperationError.self) { try await Self.work(fixture) }
                #expect(refused?.description.contains("for 1 other tenant") == true)
            }
            #expect(try await fixture.system.model("spine").reference == (isAllowed ? "spine@2" : "spine@1"))
        }
    }

    private static func refusal(ofPolicyFor model: String = "spine", _ fixture: SystemFixture) async -> OperationError?
    {
        await #expect(throws: OperationError.self) {
            _ = try await fixture.system.setCorrectionPolicy(
                model: model, tenant: tenant, after: 3, dataSet: SystemFixture.dataSet, split: "test", recipe: nil,
                forAllTenants: false)
        }
    }

    @Test func whatNoRoundCouldBeginWithTakesNoPolicy() async throws {
        try await SystemFixture.with { fixture in
            try await Self.prepare(fixture, after: 1)
            func promote(_ change: (inout ModelVersionDraft) throws -> Void) async throws {
                var draft = try SystemFixture.draft()
                try change(&draft)
                let version = try await fixture.system.catalog.registerModel(draft, actor: "tester")
                try await fixture.system.promote(ModelReference(name: "spine", version: version))
            }
            try await promote { draft in
                let member = ModelEnsemble.Member(model: "spine@1", weights: draft.weights)
                let ensemble = try CanonicalJSON.string(ModelEnsemble([member, member]))
                draft.recipeJSON = "{\"\(ModelEnsemble.metadataKey)\":\(ensemble)}"
            }
            let joined = await Self.refusal(fixture)
            #expect(joined?.code == .badInput)
            #expect(joined?.description.contains("spine@2 cannot be fine-tuned: it joins 2 versions") == true)
            // Who promotes it later learns why nothing begins.
            let policy = try #require(try await fixture.system.correctionPolicies(tenant: nil).first)
            #expect(policy.heldBack == joined?.description)
            try await promote { draft in
                var plan = Plan()
                plan.network.segResNet?.outputChannels = 27
                plan.classLabels = Array(0...25) + [0]
                try plan.validate()
                draft.planJSON = String(decoding: try plan.json(), as: UTF8.self)
            }
            let unlabelled = await Self.refusal(fixture)
            #expect(
                unlabelled?.description.contains("spine@3 cannot be fine-tuned: its classes are not labels") == true)
            // A newer program's plan is no reason to show nothing.
            try await promote { $0.planJSON = #"{"schemaVersion": 99}"# }
            let shown = try #require(try await fixture.system.correctionPolicies(tenant: nil).first)
            #expect(shown.heldBack?.contains("99") == true, "\(shown.heldBack ?? "")")
        }
    }

    @Test func aVersionThatLearnedFromTheJudgesTakesNoPolicy() async throws {
        try await SystemFixture.with { fixture in
            try await Self.prepare(fixture, after: 1)
            let judges = try await fixture.system.catalog.cases(
                dataSet: SystemFixture.dataSet, tenant: Self.tenant, split: "test")
            let order = TrainModel(
                model: "spine", dataSet: SystemFixture.dataSet, planJSON: "{}", recipeJSON: "{}", cases: judges)
            _ = try await fixture.store.enqueue([JobRequest(order, tenant: Self.tenant)])
            let draft = try SystemFixture.draft()
            try await fixture.end(.training, Completion(outputs: [draft.weights], facts: [try .modelTrained(draft)]))
            try await fixture.system.promote("spine@2")
            let refused = await Self.refusal(fixture)
            #expect(refused?.code == .badInput)
            #expect(refused?.description.hasPrefix("spine@2 has learned from 1 case of split 'test' (judge)") == true)
        }
    }

    @Test func aModelWhoseNameLeavesNoRoomForARoundsTakesNoPolicy() async throws {
        try await SystemFixture.with { fixture in
            try await Self.prepare(fixture, after: 1)
            let longest = String(repeating: "s", count: CorrectionPolicy.longestModel)
            #expect(CorrectionRound.dataSet(of: longest, round: 99_999).count == 64)
            for name in [longest, longest + "s"] {
                _ = try await fixture.system.catalog.registerModel(SystemFixture.draft(name), actor: "tester")
                try await fixture.system.promote(ModelReference(name: name, version: 1))
            }
            _ = try await fixture.system.setCorrectionPolicy(
                model: longest, tenant: Self.tenant, after: 3, dataSet: SystemFixture.dataSet, split: "test",
                recipe: nil, forAllTenants: false)
            let refused = await Self.refusal(ofPolicyFor: longest + "s", fixture)
            #expect(refused?.code == .usage)
            #expect(
                refused?.description.contains("may have \(longest.count), this one has \(longest.count + 1)") == true)
        }
    }

    /// Of a data set, of an import under way, and of a round that a way down has lost.
    @Test func aRoundTakesANumberThatNothingGoesBy() async throws {
        try await SystemFixture.with { fixture in
            try await Self.prepare(fixture, after: 1)
            try await fixture.system.pool.transaction { transaction, _ in
                for sql in [
                    """
                    INSERT INTO columna.data_set_cases
                    SELECT (jsonb_populate_record(one, '{"data_set": "spine-corrected-1"}')).*
                    FROM columna.data_set_cases AS one
                    WHERE name = 'known'
                    """,
                    """
                    INSERT INTO columna.case_imports (tenant, data_set, case_name, refusal, source_digest, ordered_at)
                    VALUES ('radiology', 'spine-corrected-2', 'a', 'none', repeat('0', 64), now()),
                        ('elsewhere', 'spine-corrected-4', 'a', 'none', repeat('0', 64), now())
                    """,
                ] { _ = try await transaction.run(Statement("taken_\(sql.count)", sql)()) }
            }
            _ = try await fixture.store.enqueue([
                JobRequest(
                    LearnFromCorrections(model: "spine", step: .train, round: 3), tenant: Self.tenant,
                    deduplicationKey: "corrections/spine/3/begin-training")
            ])
            try await fixture.end(.evaluation, Completion())
            let study = try await Self.segmentedStudy(fixture, volume: "7")
            try await Self.correct(fixture, study, volume: "7", labels: "8")
            try await Self.work(fixture)
            let round = try #require(try await fixture.system.correctionRounds(tenant: nil).first)
            #expect(round.number == 4 && round.dataSet == CorrectionRound.dataSet(of: "spine", round: 4))
        }
    }

    @Test func nothingLearnsFromWhatWasWithdrawn() async throws {
        try await SystemFixture.with { fixture in
            try await Self.prepare(fixture, after: 2)
            let study = try await Self.segmentedStudy(fixture, volume: "7")
            let former = try await Self.correct(fixture, study, volume: "7", labels: "8")
            let wrong = try await Self.correct(fixture, study, volume: "7", labels: "b")
            let other = try await Self.segmentedStudy(fixture, volume: "1")
            let onlyOne = try await Self.correct(fixture, other, volume: "1", labels: "c")
            #expect(try await fixture.system.correctionPolicies(tenant: nil).map(\.pending) == [2])
            for job in [wrong, onlyOne] {
                let (isNew, learners) = try await fixture.system.withdrawCorrection(job)
                #expect(isNew && learners == CorrectionLearners())
            }
            #expect(try await !fixture.system.withdrawCorrection(wrong).isNew)
            #expect(try await fixture.system.correctionPolicies(tenant: nil).map(\.pending) == [1])
            #expect(
                try await fixture.system.corrections(tenant: nil, limit: 9).filter { $0.withdrawnAt == nil }.map(\.job)
                    == [former])
            // Nor can it be corrected, and the same labels are news again.
            let known = try await PostgresCorrections(pool: fixture.system.pool).correctable(other, tenant: Self.tenant)
            #expect(known.labels.map(\.origin) == [.segmentation])
            let order = CorrectedDataSet("second", base: SystemFixture.dataSet, tenant: Self.tenant, plan: Plan())
            #expect(try await order.make(model: "spine", in: fixture.system).corrected == 1)
            let made = try await Self.endPreparations(fixture)
            #expect(made.mapValues(\.truth) == ["corrected-\(study)": .repeating("8")])
        }
    }

    @Test func whatLearnedFromItStaysAndIsNamed() async throws {
        try await SystemFixture.with { fixture in
            let correction = try await Self.trainRound(fixture)
            try await Self.work(fixture)
            try await fixture.measure(better: "spine@2")
            try await Self.work(fixture)
            let learners = try await fixture.system.withdrawCorrection(correction).learners
            #expect(learners.dataSets == ["spine-corrected-1"] && learners.versions == ["spine@2"])
            #expect(learners.promoted == ["spine@2"])
            let cases = try await fixture.system.cases(of: "spine-corrected-1", tenant: Self.tenant)
            #expect(cases.count == 4, "as it was made")
            #expect(try await fixture.system.correctionRounds(tenant: nil).map(\.state) == ["promoted"])
            // A data set over that one leaves the case out.
            let study = try await Self.segmentedStudy(fixture, volume: "e")
            try await Self.correct(fixture, study, volume: "e", labels: "c")
            let order = CorrectedDataSet("second", base: "spine-corrected-1", tenant: Self.tenant, plan: Plan())
            let made = try await order.make(model: "spine", in: fixture.system)
            #expect(made.withdrawn == 1 && made.takenOver == 3 && made.corrected == 1)
        }
    }

    @Test func aRoundThatLearnsFromWhatWasWithdrawnPromotesNothing() async throws {
        try await SystemFixture.with { fixture in
            let correction = try await Self.trainRound(fixture)
            try await Self.work(fixture)
            try await fixture.measure(better: "spine@2")
            // Counted by nobody yet.
            let study = try await Self.segmentedStudy(fixture, volume: "e")
            try await Self.correct(fixture, study, volume: "e", labels: "c")
            _ = try await fixture.system.withdrawCorrection(correction)
            let ended = try await Self.work(fixture).map(\.summary)
            #expect(ended.contains { $0.contains("round 1 of spine ends here") } && ended.count == 2, "\(ended)")
            #expect(try await fixture.system.model("spine").reference == "spine@1")
            // The other correction began a round of its own when it came.
            try await Self.work(fixture)
            let rounds = try await fixture.system.correctionRounds(tenant: nil)
            #expect(rounds.map(\.number) == [2, 1] && rounds[1].state == "withdrawn", "\(rounds.map(\.state))")
            #expect(rounds[0].newCorrections == 1 && rounds[1].newCorrections == 0)
        }
    }

    /// The deciding step has looked for withdrawals before this one is written, and promotes after.
    @Test(.timeLimit(.minutes(2))) func aWithdrawalThatIsUnderWayHoldsThePromotionUp() async throws {
        try await SystemFixture.with { fixture in
            let correction = try await Self.trainRound(fixture)
            try await Self.work(fixture)
            try await fixture.measure(better: "spine@2")
            let lock = Statement("hold", "SELECT FROM columna.corrections WHERE job = $1 FOR UPDATE")
            let decided = try await fixture.pool.transaction(first: [lock(.uuid(correction))]) {
                transaction, _ in
                let step = Task { try await Self.work(fixture).map(\.summary) }
                let waiting = Statement(
                    "waiting",
                    """
                    SELECT pid FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FOR SHARE OF correction%'
                    """)
                while try await fixture.pool.run(waiting()).isEmpty {
                    try await Task.sleep(for: .milliseconds(10))
                }
                _ = try await transaction.run(
                    Statement(
                        "withdraw_now", "INSERT INTO columna.correction_withdrawals VALUES ($1, 'anna@desk', now())")(
                            .uuid(correction)))
                return step
            }
            let ended = try await decided.value
            #expect(ended.count == 1 && ended[0].contains("round 1 of spine ends here"), "\(ended)")
            #expect(try await fixture.system.model("spine").reference == "spine@1")
            let gates = try await fixture.system.catalog.gates(of: "spine")
            #expect(gates.count == 1 && gates[0].gate.isPassed && !gates[0].isPromoted)
        }
    }

    @Test func onlyWhatWasAcceptedCanBeWithdrawn() async throws {
        try await SystemFixture.with { fixture in
            let study = try await Self.segmentedStudy(fixture, volume: "7")
            let unread = try await Self.submit(fixture, study)
            for job in [unread, JobID()] {
                let none = await #expect(throws: OperationError.self) {
                    _ = try await fixture.system.withdrawCorrection(job)
                }
                #expect(none?.code == .missing)
            }
        }
    }

    /// As a message of the hospital does.
    private static func replace(_ name: String, _ dataSet: String, _ fixture: SystemFixture, volume: Character)
        async throws
    {
        let study = Study(tenant: tenant, pipeline: .import, messageID: UUID().uuidString)
        let request = try JobRequest(
            PreprocessVolume(order: StudyOrder(pipeline: .import, dataSet: dataSet, caseName: name)), tenant: tenant,
            inputs: [
                SystemFixture.artifact(ArtifactKind.volume.role, volume),
                SystemFixture.artifact(ArtifactKind.truth.role, "b"),
            ], study: study.id)
        _ = try await PostgresStudies(pool: fixture.system.pool).submit(study, first: request)
        let added = DataSetCase(
            dataSet: dataSet, name: name, tenant: tenant,
            image: SystemFixture.artifact(ArtifactKind.networkImage.role, "0"),
            label: SystemFixture.artifact(ArtifactKind.networkLabel.role, "1"),
            planDigest: try Plan().preprocessingSignature(), split: nil)
        try await fixture.end(
            .preprocessing, Completion(outputs: [added.image, added.label], facts: [try .caseAdded(added)]))
    }

    @Test func noRoundBeginsWithOtherJudgesThanThePolicyHas() async throws {
        try await SystemFixture.with { fixture in
            try await Self.prepare(fixture, after: 1)
            try await Self.replace("judge", SystemFixture.dataSet, fixture, volume: "e")
            let study = try await Self.segmentedStudy(fixture, volume: "7")
            try await Self.correct(fixture, study, volume: "7", labels: "8")
            let told = try await Self.work(fixture).map(\.summary)
            #expect(told.count == 1 && told[0].contains("when the policy was set (1 replaced: judge)"), "\(told)")
            #expect(try await fixture.system.correctionRounds(tenant: nil).isEmpty)
            let held = try #require(try await fixture.system.correctionPolicies(tenant: nil).first)
            #expect(held.heldBack?.contains("1 replaced: judge") == true && held.policy.judges?.count == 1)
            _ = try await fixture.system.setCorrectionPolicy(
                model: "spine", tenant: Self.tenant, after: 1, dataSet: SystemFixture.dataSet, split: "test",
                recipe: nil, forAllTenants: false)
            try await Self.work(fixture)
            #expect(try await fixture.system.correctionRounds(tenant: nil).count == 1)
        }
    }

    @Test func aRoundIsJudgedByTheCasesThatItBeganWith() async throws {
        try await SystemFixture.with { fixture in
            _ = try await Self.trainRound(fixture)
            try await Self.replace("judge", SystemFixture.dataSet, fixture, volume: "e")
            let refused = await #expect(throws: OperationError.self) { try await Self.work(fixture) }
            #expect(refused?.code == .refused && refused?.description.contains("1 replaced: judge") == true)
            #expect(try await fixture.store.jobs(JobFilter(stage: .inference)).count == 1, "the study's own")
        }
    }

    @Test func nothingIsImportedIntoADataSetOfCorrections() async throws {
        try await SystemFixture.with { fixture in
            _ = try await Self.trainRound(fixture)
            let before = try await fixture.system.cases(of: "spine-corrected-1", tenant: Self.tenant)
            for name in ["judge", "known", "stranger"] {
                try await Self.replace(name, "spine-corrected-1", fixture, volume: "e")
            }
            #expect(try await fixture.system.cases(of: "spine-corrected-1", tenant: Self.tenant) == before)
        }
    }

    @Test func aDataSetOfCorrectionsIsMadeOnce() async throws {
        try await SystemFixture.with { fixture in
            try await Self.prepare(fixture, after: 9)
            let order = CorrectedDataSet("second", base: SystemFixture.dataSet, tenant: Self.tenant, plan: Plan())
            let none = await #expect(throws: OperationError.self) {
                _ = try await order.make(model: "spine", in: fixture.system)
            }
            #expect(none?.code == .missing)
            let study = try await Self.segmentedStudy(fixture, volume: "7")
            try await Self.correct(fixture, study, volume: "7", labels: "8")
            let made = try await order.make(model: "spine", in: fixture.system)
            #expect(made.takenOver == 3 && made.corrected == 1 && made.heldOut == 0)
            #expect(made.jobs.map(\.caseName) == ["corrected-\(study)"])
            let again = await #expect(throws: OperationError.self) {
                _ = try await order.make(model: "spine", in: fixture.system)
            }
            #expect(again?.code == .refused)
        }
    }
}
