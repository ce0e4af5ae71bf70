import Documents
import Faults
import Foundation
import JobEngine
import Learning
import Networks
import Operations
import ModelExchange
import Persistence
import Plans
import PyTorchFiles
import Storage
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct TrainingTests {
    /// Of three cases in train, of which the third is the second fold's.
    private static func place(
        _ fixture: SystemFixture, model: ModelReference = "spine", epochs: Int = 10,
        schedule: Schedule = .constant, _ change: (inout TrainingOrder) -> Void = { _ in }
    ) async throws -> JobID {
        if try await fixture.system.catalog.cases(
            dataSet: SystemFixture.dataSet, tenant: SystemFixture.tenant, split: nil
        ).isEmpty {
            for number in 1...3 { try await fixture.importCase("case-\(number)") }
        }
        var recipe = Recipe()
        (recipe.epochs, recipe.schedule) = (epochs, schedule)
        var order = TrainingOrder(
            model: model, dataSet: SystemFixture.dataSet, tenant: SystemFixture.tenant, plan: Plan(), recipe: recipe)
        change(&order)
        return try await order.place(in: fixture.system)
    }

    /// The claimed training, which has done so many epochs and stored a checkpoint.
    private static func run(_ fixture: SystemFixture, epochs: Int) async throws -> ClaimedJob {
        let job = try #require(
            try await fixture.store.claimAvailableJobs(ClaimRequest(stage: .training, worker: "w")).first)
        let facts = try (1...epochs).map { number in
            try Fact.epochFinished(
                EpochMetrics(
                    epoch: number, trainingLoss: 1, validationDice: number == 2 ? 0.75 : 0.5, learningRate: 0.1,
                    seconds: 60))
        }
        _ = try await fixture.store.recordWhileRunning(
            job.record.id, token: job.token, checkpoints: [SystemFixture.artifact(ArtifactKind.checkpoint.role, "9")],
            facts: facts)
        return job
    }

    @Test func aRunTellsHowFarItIsAndHowLongItWillTake() async throws {
        try await SystemFixture.with { fixture in
            let id = try await Self.place(fixture)
            #expect(try await fixture.system.training(id).state == .queued)
            let job = try await Self.run(fixture, epochs: 4)
            let run = try #require(try await fixture.system.trainings().first)
            #expect(run.job.id == id && run.state == .running && run.epochs == 10 && run.secondsLeft == 360)
            #expect(
                run.tally
                    == EpochTally(epoch: 4, trainingLoss: 1, bestDice: 0.75, bestEpoch: 2, secondsPerEpoch: 60))
            #expect(try await fixture.system.training(named: "spine") == id)
            #expect(try await fixture.system.training(named: id.description) == id)
            for nothing in ["other", "spine@1", JobID().description, "a b"] {
                let error = await #expect(throws: OperationError.self) {
                    _ = try await fixture.system.training(named: nothing)
                }
                #expect(error?.code == .missing, "\(nothing)")
            }
            _ = try await fixture.store.completeJobIfRunning(id, token: job.token, completion: Completion())
            #expect(try await fixture.system.training(id).state == .succeeded)
        }
    }

    @Test(arguments: ["phantom:anatomical", "phantom:anatomical-bank"])
    func aPlanOfOtherLabelsThanScenesHaveIsRefused(dataSet: String) async throws {
        try await SystemFixture.with { fixture in
            func place(_ labelSet: String, classes: Int) async throws -> JobID {
                try await Self.place(fixture) { order in
                    (order.dataSet, order.recipe.stepsPerEpoch) = (dataSet, 2)
                    order.plan.labelSet = labelSet
                    order.plan.network.segResNet?.outputChannels = classes
                }
            }
            let error = await #expect(throws: OperationError.self) { _ = try await place("spine-24", classes: 25) }
            #expect(error?.code == .badInput)
            for fact in ["'spine-24'", "spine-25", dataSet] {
                #expect(error?.description.contains(fact) == true, "\(error?.description ?? "")")
            }
            _ = try await place("spine-25", classes: 26)
        }
    }

    @Test func aModelsNameMeansItsNewestTrainingOfOneTenant() async throws {
        try await SystemFixture.with { fixture in
            _ = try await Self.place(fixture)
            let newest = try await Self.place(fixture)
            _ = try await Self.place(fixture, model: "other")
            #expect(try await fixture.system.training(named: "spine") == newest)
            let order = try #require(try await fixture.system.training(newest).order)
            let theirs = try JobRequest(order, tenant: "elsewhere")
            _ = try await fixture.store.enqueue([theirs])
            let open = await #expect(throws: OperationError.self) {
                _ = try await fixture.system.training(named: "spine")
            }
            #expect(open?.code == .usage && open?.description.contains("(elsewhere, radiology)") == true)
            #expect(try await fixture.system.training(named: "spine", tenant: SystemFixture.tenant) == newest)
            #expect(try await fixture.system.training(named: "spine", tenant: "elsewhere") == theirs.id)
            let none = await #expect(throws: OperationError.self) {
                _ = try await fixture.system.training(named: "spine", tenant: "nobody")
            }
            #expect(none?.code == .missing && none?.description.contains("no training of tenant nobody") == true)
        }
    }

    @Test func aStopIsAskedForOnceAndEndsAPause() async throws {
        try await SystemFixture.with { fixture in
            let id = try await Self.place(fixture)
            _ = try await fixture.system.decide(.pause, id)
            #expect(try await fixture.system.training(id).state == .paused)
            for _ in 1...2 {
                let run = try await fixture.system.stopTraining(id)
                #expect(run.state == .finishing && run.job.state == .queued)
            }
            let asked = try await fixture.system.pool.run(
                Statement("asked", "SELECT actor FROM columna.audit WHERE action = 'finish'")())
            #expect(try asked.map { try $0.string("actor") } == ["anna@desk"])
            let job = try await Self.run(fixture, epochs: 3)
            #expect(job.record.finishRequested)
            _ = try await fixture.store.completeJobIfRunning(id, token: job.token, completion: Completion())
            #expect(try await fixture.system.training(id).state == .stopped)
            let late = await #expect(throws: OperationError.self) { _ = try await fixture.system.stopTraining(id) }
            #expect(late?.code == .refused && late?.description == "job \(id) is succeeded: nothing to finish")
        }
    }

    @Test func aStoppedRunGoesOnAsANewJobFromItsCheckpoint() async throws {
        try await SystemFixture.with { fixture in
            let id = try await Self.place(fixture, schedule: .polynomial)
            _ = try await fixture.system.stopTraining(id)
            let job = try await Self.run(fixture, epochs: 3)
            _ = try await fixture.store.completeJobIfRunning(id, token: job.token, completion: Completion())
            let more = await #expect(throws: OperationError.self) {
                _ = try await fixture.system.resumeTraining(id, epochs: 20)
            }
            #expect(more?.code == .usage && more?.description.contains("follows from its 10 epochs") == true)
            let resumed = try await fixture.system.resumeTraining(id)
            guard case .continued(let next, id) = resumed else { throw CancellationError() }
            let run = try await fixture.system.training(next)
            #expect(run.order?.continues == id.description && run.epochs == 10)
            #expect(run.order?.cases?.count == 3, "the cases of the first order")
            let inputs = try await fixture.store.artifacts(of: next).map(\.reference)
            #expect(inputs == [SystemFixture.artifact(ArtifactKind.checkpoint.role, "9")])
        }
    }

    /// Its checkpoint was older than the end of the first run: what that did since is none of this one.
    @Test func whatTheFirstRunDidAfterTheCheckpointIsNotOfTheNext() async throws {
        try await SystemFixture.with { fixture in
            func end(_ epochs: ClosedRange<Int>, loss: Double) async throws {
                let facts = try epochs.map {
                    try Fact.epochFinished(
                        EpochMetrics(
                            epoch: $0, trainingLoss: loss, validationDice: nil, learningRate: 0.1, seconds: 60))
                }
                let checkpoint = SystemFixture.artifact(ArtifactKind.checkpoint.role, "9")
                try await fixture.end(.training, Completion(outputs: [checkpoint], facts: facts))
            }
            let id = try await Self.place(fixture)
            try await end(1...5, loss: 5)
            let next = try await fixture.system.resumeTraining(id, epochs: 20).job
            let catalog = fixture.system.catalog
            #expect(try await catalog.epochs(of: next).map(\.epoch) == [1, 2, 3, 4, 5])
            try await end(4...4, loss: 4)
            let losses = try await catalog.epochs(of: next).map(\.trainingLoss)
            #expect(losses == [5, 5, 5, 4])
            #expect(try await fixture.system.training(next).tally?.epoch == 4)
            #expect(try await catalog.epochs(of: id).count == 5, "the first run's own stay")
        }
    }

    /// A damaged checkpoint is passed over for the next, and without any the run begins as the first did.
    @Test func whatGoesOnHasAllCheckpointsAndTheWeightsOfTheFirst() async throws {
        try await SystemFixture.with { fixture in
            let model = try await fixture.importModel()
            let id = try await Self.place(fixture) { $0.startsFrom = "spine@1" }
            let job = try await Self.run(fixture, epochs: 3)
            let (former, newest) = (
                SystemFixture.artifact(ArtifactKind.checkpoint.role, "9"),
                SystemFixture.artifact(ArtifactKind.checkpoint.role, "a")
            )
            _ = try await fixture.store.recordWhileRunning(
                id, token: job.token, checkpoints: [newest], facts: [])
            _ = try await fixture.store.completeJobIfRunning(id, token: job.token, completion: Completion())
            let second = try await fixture.system.resumeTraining(id, epochs: 20).job
            let inputs = try await fixture.store.artifacts(of: second).map(\.reference)
            #expect(inputs == [newest, former, model.weights])
            // It dies before it has stored one of its own.
            try await fixture.kill(.training, reason: "no")
            let third = try await fixture.system.resumeTraining(second, epochs: 30).job
            #expect(try await fixture.store.artifacts(of: third).map(\.reference) == inputs)
        }
    }

    /// A recipe that judges by Dice on patches keeps another epoch than the one that validated best.
    @Test func theBestEpochIsTheOneThatTheRunKeeps() async throws {
        try await SystemFixture.with { fixture in
            let id = try await Self.place(fixture) { order in
                (order.recipe.judge, order.recipe.pseudoValidationSteps) = (.pseudoDice, 2)
            }
            let job = try #require(
                try await fixture.store.claimAvailableJobs(ClaimRequest(stage: .training, worker: "w")).first)
            let facts = try [0.25, 0.5, 0.5, 0.375].enumerated().map { index, judged in
                var epoch = EpochMetrics(
                    epoch: index + 1, trainingLoss: 1, validationDice: index == 3 ? 0.875 : nil, learningRate: 0.1,
                    seconds: 60)
                epoch.judgedDice = judged
                return try Fact.epochFinished(epoch)
            }
            _ = try await fixture.store.recordWhileRunning(id, token: job.token, checkpoints: [], facts: facts)
            let run = try await fixture.system.training(id)
            #expect(run.tally?.bestEpoch == 2 && run.tally?.bestDice == 0.5 && run.judge == .pseudoDice)
            let folder = FileManager.default.temporaryDirectory.appending(path: "training-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            let page = try await TrainingReporter(id, in: fixture.system).write(to: folder)
            let text = try String(contentsOf: page, encoding: .utf8)
            #expect(text.contains("best Dice on patches (running average)"))
            #expect(text.contains("<tr class=\"all\"><th scope=\"row\">2</th>"))
        }
    }

    @Test func whoGoesOnShowsTheEpochsItGoesOnFrom() async throws {
        try await SystemFixture.with { fixture in
            let id = try await Self.place(fixture)
            let job = try await Self.run(fixture, epochs: 3)
            _ = try await fixture.store.completeJobIfRunning(id, token: job.token, completion: Completion())
            let second = try await fixture.system.resumeTraining(id, epochs: 20).job
            let queued = try await fixture.system.training(second)
            #expect(queued.state == .queued && queued.epochs == 20)
            let kept = EpochTally(epoch: 3, trainingLoss: 1, bestDice: 0.75, bestEpoch: 2, secondsPerEpoch: 60)
            #expect(queued.tally == kept)
            #expect(try await fixture.system.trainings().map(\.tally) == [kept, kept])
            // From a checkpoint before the end it does an epoch anew, and goes on.
            let next = try #require(
                try await fixture.store.claimAvailableJobs(ClaimRequest(stage: .training, worker: "w")).first)
            let facts = try [3, 4].map { number in
                try Fact.epochFinished(
                    EpochMetrics(
                        epoch: number, trainingLoss: 0.5, validationDice: number == 4 ? 0.875 : 0.25, learningRate: 0.1,
                        seconds: 30))
            }
            _ = try await fixture.store.recordWhileRunning(second, token: next.token, checkpoints: [], facts: facts)
            let detail = try await fixture.system.trainingDetail(second)
            #expect(
                detail.epochs.map(\.epoch) == [1, 2, 3, 4] && detail.epochs.map(\.trainingLoss) == [1, 1, 0.5, 0.5])
            #expect(
                detail.run.tally
                    == EpochTally(epoch: 4, trainingLoss: 0.5, bestDice: 0.875, bestEpoch: 4, secondsPerEpoch: 45))
            #expect(try await fixture.system.trainingDetail(id).epochs.map(\.trainingLoss) == [1, 1, 1])
        }
    }

    @Test func whomPatienceEndedDoesNotGoOn() async throws {
        try await SystemFixture.with { fixture in
            let id = try await Self.place(fixture)
            let job = try await Self.run(fixture, epochs: 6)
            let remark = TrainingRemark(.patienceOver, "no epoch after epoch 2 was better")
            _ = try await fixture.store.completeJobIfRunning(
                id, token: job.token, completion: Completion(facts: [.trainingRemarked(remark)]))
            for epochs in [nil, 10, 20] {
                let error = await #expect(throws: OperationError.self) {
                    _ = try await fixture.system.resumeTraining(id, epochs: epochs)
                }
                #expect(error?.code == .refused)
                #expect(error?.description.contains("its patience ended it after epoch 6: start a new one") == true)
            }
            #expect(try await fixture.system.trainings().count == 1, "nothing was ordered")
        }
    }

    @Test func aDeadRunGoesOnAsItselfAndARunningOneIsLeftAlone() async throws {
        try await SystemFixture.with { fixture in
            let id = try await Self.place(fixture)
            let busy = await #expect(throws: OperationError.self) { _ = try await fixture.system.resumeTraining(id) }
            #expect(busy?.code == .refused)
            try await fixture.kill(.training, reason: "no")
            #expect(try await fixture.system.training(id).state == .dead)
            #expect(try await fixture.system.resumeTraining(id) == .same(id))
            #expect(try await fixture.system.training(id).state == .queued)
            let open = await #expect(throws: OperationError.self) {
                _ = try await fixture.system.resumeTraining(id, epochs: 20)
            }
            #expect(open?.code == .refused, "two jobs would go on from one checkpoint")
        }
    }

    @Test func aFoldsCasesAreLearnedFromAndValidatedOn() async throws {
        try await SystemFixture.with { fixture in
            for number in 1...3 { try await fixture.importCase("case-\(number)") }
            let folds = try await fixture.system.makeFolds(3, of: SystemFixture.dataSet, tenant: SystemFixture.tenant)
            let id = try await Self.place(fixture) { $0.fold = 1 }
            let order = try #require(try await fixture.system.training(id).order)
            #expect(order.fold == 1 && order.cases?.map(\.name) == folds[1].training)
            #expect(order.validation?.map(\.name) == folds[1].validation)
            let none = await #expect(throws: OperationError.self) { _ = try await Self.place(fixture) { $0.fold = 7 } }
            #expect(none?.code == .missing)
        }
    }

    @Test func aTrainingBeginsWithTheWeightsOfAModelOfThePlansNetwork() async throws {
        try await SystemFixture.with { fixture in
            let model = try await fixture.importModel()
            let id = try await Self.place(fixture) { $0.startsFrom = "spine@1" }
            #expect(try await fixture.system.training(id).order?.startsFrom == "spine@1")
            #expect(try await fixture.store.artifacts(of: id).map(\.reference) == [model.weights])
            let unfit = await #expect(throws: OperationError.self) {
                _ = try await Self.place(fixture) { order in
                    order.startsFrom = "spine@1"
                    order.plan.network = .segResNet(SegResNet.Configuration(blocksDown: [1, 2, 2, 3]))
                }
            }
            #expect(unfit?.code == .badInput && unfit?.description.contains("another network than the plan") == true)
        }
    }

    @Test func casesInValAreValidatedOn() async throws {
        try await SystemFixture.with { fixture in
            try await fixture.importCase("case-1")
            try await fixture.importCase("case-2", split: DataSetCase.validationSplit)
            try await fixture.importCase("case-3", split: "test")
            let order = try #require(
                try await fixture.system.training(try await Self.place(fixture)).order)
            #expect(order.cases?.map(\.name) == ["case-1"] && order.validation?.map(\.name) == ["case-2"])
        }
    }

    /// MONAI's crop goes by what a case shows where it is learned from, and by its labels where it is validated on.
    @Test func aCaseThatMovedBetweenTrainAndValIsPreparedAnew() async throws {
        var plan = Plan()
        (plan.intensities, plan.trainingCrop) = (.monaiLabel, .foreground)
        try await SystemFixture.with { [plan] fixture in
            try await fixture.importCase("case-1", plan: plan)
            try await fixture.importCase("case-2", split: DataSetCase.validationSplit, plan: plan, cropTo: .label)
            _ = try await Self.place(fixture) { $0.plan = plan }
            let preparation = DataSetPreparation(
                dataSet: SystemFixture.dataSet, tenant: SystemFixture.tenant, plan: plan)
            #expect(try await preparation.place(in: fixture.system).isEmpty)

            for split in [DataSetCase.trainingSplit, DataSetCase.validationSplit] {
                let assignment = DataSetSplit(dataSet: SystemFixture.dataSet, tenant: SystemFixture.tenant, name: split)
                _ = try await assignment.assign(.named([split == "train" ? "case-2" : "case-1"]), in: fixture.system)
            }
            let error = await #expect(throws: OperationError.self) {
                _ = try await Self.place(fixture) { $0.plan = plan }
            }
            #expect(error?.code == .badInput)
            #expect(
                error?.description.contains("case-2 and 1 more of data set 'lumbar' were cropped for the other of")
                    == true)
            #expect(error?.description.contains("dataset prepare lumbar --plan") == true)
            let jobs = try await preparation.place(in: fixture.system)
            #expect(Set(jobs.map(\.caseName)) == ["case-1", "case-2"])
            let orders = try await fixture.store.jobs(JobFilter(stage: .preprocessing, limit: 10)).compactMap {
                try? PreprocessVolume(of: $0).order
            }.filter { $0.cropsToLabel != nil }
            #expect(
                Set(orders.map { "\($0.caseName ?? "") \($0.cropsToLabel == true)" }) == [
                    "case-1 true", "case-2 false",
                ])
        }
    }

    @Test func aRollbackIsRefusedWhereNothingWasPromotedBefore() async throws {
        try await SystemFixture.with { fixture in
            for _ in 1...2 { _ = try await fixture.importModel() }
            let name: ModelReference = "spine"
            try await fixture.system.promote("spine@1")
            let first = await #expect(throws: OperationError.self) { _ = try await fixture.system.rollBack(name) }
            #expect(first?.code == .refused && first?.description.contains("before spine@1") == true)
            try await fixture.system.promote("spine@2")
            let step = try await fixture.system.rollBack(name)
            #expect(step.withdrawn == "spine@2" && step.standing == "spine@1")
            #expect(try await fixture.system.model(name).reference == "spine@1")
            let versioned = await #expect(throws: OperationError.self) {
                _ = try await fixture.system.rollBack("spine@2")
            }
            #expect(versioned?.code == .usage)
            let none = await #expect(throws: OperationError.self) { _ = try await fixture.system.rollBack("other") }
            #expect(none?.code == .missing)
        }
    }

    /// The planner's batch and Dice go with the order, and from there into the plans of who exports the model.
    @Test func whatWasTrainedStandsInNNUNetsPlans() async throws {
        var plan = Plan()
        plan.network = .plainUNet(
            UNetConfiguration(
                inputChannels: 1, features: [2, 2], kernels: [[3, 3, 3], [3, 3, 3]], strides: [[1, 1, 1], [2, 2, 2]],
                classes: 26, repeats: [1, 1], convolutionsPerStageDecoder: [1]))
        (plan.patch, plan.intensities) = ([32, 32, 32], .ct(lower: -500, upper: 1000, mean: 100, deviation: 300))
        plan.training = PlannedTraining(batchSize: 5, batchDice: true, planner: "nnUNetPlannerResEncM")
        let parameters = Network(configuration: plan.network, seed: 1).parameters
        let file = try ModelFile.data(Model(plan: plan, parameters: parameters))
        try await SystemFixture.with(storage: true) { [plan] fixture in
            let weights = ArtifactReference(.weights, try await fixture.storeOfItsOwn().put(file))
            try await fixture.importCase("case-1", plan: plan)
            for (batch, expected) in [(nil, 5), (3, 3)] as [(Int?, Int)] {
                let id = try await Self.place(fixture) { order in
                    (order.plan, order.recipe) = (plan, (try? RecipePreset.nnUNet3DFullRes.recipe()) ?? Recipe())
                    order.recipe.batchSize = batch
                }
                let order = try #require(try await fixture.system.training(id).order)
                let recipe = try Recipe(json: Data(order.recipeJSON.utf8))
                #expect(recipe.batchSize == expected && recipe.batchDice == true)
                let draft = ModelVersionDraft(
                    name: "spine", weights: weights, planJSON: order.planJSON, recipeJSON: order.recipeJSON,
                    dataSet: order.dataSet, validationDice: nil)
                let epochs = try [(0.25, -0.5), (0.75, -0.625)].enumerated().map { index, figures in
                    var epoch = EpochMetrics(
                        epoch: index + 1, trainingLoss: -0.40625, validationDice: nil, learningRate: 0.01, seconds: 2.5)
                    (epoch.pseudoDice, epoch.validationLoss) = (["1": figures.0, "25": figures.0], figures.1)
                    return try Fact.epochFinished(epoch)
                }
                try await fixture.end(.training, Completion(outputs: [weights], facts: epochs + [.modelTrained(draft)]))
                let version = try #require(try await fixture.system.trainingDetail(id).models.first?.version)
                let made = try await ExportedModel(version.reference, as: .nnUNet, in: fixture.system)
                guard case .folder(let folder) = made.content else { throw CancellationError() }
                #expect(folder.batchSize == expected && folder.usesBatchDice)
                let plans = try #require(folder.files().first { $0.path == "plans.json" }?.data)
                let text = String(decoding: plans, as: UTF8.self)
                let log = try #require(folder.files().first { $0.path.hasPrefix("fold_0/training_log_2") }?.data)
                let lines = String(decoding: log, as: UTF8.self).split(separator: "\n").map {
                    String($0.drop { $0 != " " }.dropFirst().drop { $0 != " " }.dropFirst())
                }
                let absent = [String](repeating: "nan", count: 23).joined(separator: ", ")
                #expect(
                    lines == [
                        " ", "Epoch 0 ", "Current learning rate: 0.01 ", "train_loss -0.4062 ", "val_loss -0.5 ",
                        "Pseudo dice [0.25, \(absent), 0.25] ", "Epoch time: 2.5 s ",
                        "Yayy! New best EMA pseudo Dice: 0.25 ",
                        " ", "Epoch 1 ", "Current learning rate: 0.01 ", "train_loss -0.4062 ", "val_loss -0.625 ",
                        "Pseudo dice [0.75, \(absent), 0.75] ", "Epoch time: 2.5 s ",
                        "Yayy! New best EMA pseudo Dice: 0.3 ",
                    ])
                let logged = try #require(folder.foldLogs.first).epochs
                #expect(logged.map(\.loss) == [-0.40625, -0.40625] && logged.map(\.validationLoss) == [-0.5, -0.625])
                #expect(logged.map(\.meanDice) == [0.25, 0.75] && logged.map(\.dice.count) == [25, 25])
                #expect(abs(logged[1].averageDice - 0.3) < 1e-12 && abs(logged[1].end - logged[1].start - 2.5) < 1e-6)
                #expect(try folder.files().contains { $0.path == "fold_0/progress.png" && $0.data.count > 5000 })
                for said in [
                    "\"batch_size\" : \(expected)", "\"batch_dice\" : true",
                    "\"experiment_planner_used\" : \"nnUNetPlannerResEncM\"", "nnUNetResEncUNetMPlans",
                ] {
                    #expect(text.contains(said), "\(said)")
                }
            }
        }
    }

    @Test func aReportNamesTheCasesAndTheRecipe() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "training-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await SystemFixture.with { fixture in
            let id = try await Self.place(fixture)
            _ = try await Self.run(fixture, epochs: 3)
            let page = try await TrainingReporter(id, in: fixture.system).write(to: folder)
            let text = try String(contentsOf: page, encoding: .utf8)
            let order = try #require(try await fixture.system.training(id).order)
            for said in [
                "case-2", "&quot;epochs&quot;: 10", id.description, try #require(order.cases).digest(),
                "spine on lumbar",
            ] {
                #expect(text.contains(said), "\(said)")
            }
        }
    }
}
