import Augmentation
import Faults
import Foundation
import Learning
import Networks
import Plans
import Synchronization
import TensorCore
import Testing
import Threads
import Volumes

/// What a run does beside learning: averages, stops, returns, resumes.
@Suite struct TrainingRunTests {
    private static let cases = TrainerTests.toy(4, size: 20)

    private static var plan: Plan { TrainerTests.plan }

    private static var uNetPlan: Plan {
        var plan = TrainerTests.plan
        plan.network = .plainUNet(
            UNetConfiguration(
                inputChannels: 1, features: [4, 8, 8], kernels: [[Int]](repeating: [3, 3, 3], count: 3),
                strides: [[1, 1, 1]] + [[Int]](repeating: [2, 2, 2], count: 2), classes: 3, repeats: [1, 1, 1],
                convolutionsPerStageDecoder: [1, 1]))
        plan.slidingWindow = .nnUNet
        return plan
    }

    /// All of nnU-Net's decisions, in small.
    private static func nnUNet() throws -> Recipe {
        var recipe = try RecipePreset.nnUNet3DFullRes.recipe()
        (recipe.epochs, recipe.stepsPerEpoch, recipe.pseudoValidationSteps, recipe.epochsPerValidation) = (3, 3, 2, 3)
        (recipe.validationFraction, recipe.seed) = (0.25, 5)
        return recipe
    }

    private static func strong() throws -> Recipe {
        var recipe = try RecipePreset.segResNetStrong.recipe()
        (recipe.epochs, recipe.stepsPerEpoch, recipe.epochsPerValidation, recipe.warmupEpochs) = (3, 3, 2, 1)
        return recipe
    }

    private struct Stopped: Error {}

    @Test(arguments: [false, true]) func everySettingResumesToTheSameBytes(isNNUNet: Bool) throws {
        let (plan, recipe) = try isNNUNet ? (Self.uNetPlan, Self.nnUNet()) : (Self.plan, Self.strong())
        let whole = try Trainer(plan: plan, recipe: recipe, cases: Self.cases, loaderThreads: 0).run()
        #expect(isNNUNet == (whole.averaged == nil) && whole.end == .complete)
        for (stop, threads) in [(1, 0), (4, 2), (5, 1), (9, 3)] {
            let trainer = try Trainer(
                plan: plan, recipe: recipe, cases: Self.cases, loaderThreads: threads,
                pool: ComputePool(threads: 1 + threads))
            var saved: Data?
            #expect(throws: Stopped.self) {
                try trainer.run { event, checkpoint in
                    guard case .step(let summary) = event, summary.step == stop else { return }
                    saved = try checkpoint.data()
                    throw Stopped()
                }
            }
            let resumed = try trainer.run(from: Checkpoint(data: #require(saved)))
            #expect(try resumed.last.data() == whole.last.data())
            #expect(try ModelFile.data(resumed.best) == ModelFile.data(whole.best))
        }
    }

    @Test func theAverageIsOfTheWeightsAndIsWhatIsJudged() throws {
        var recipe = try Self.strong()
        (recipe.averaging, recipe.epochs, recipe.stepsPerEpoch, recipe.epochsPerValidation) = (0.9, 2, 2, 2)
        var weights: [[Float]] = []
        let name = "convInit.conv.weight"
        let result = try Trainer(plan: Self.plan, recipe: recipe, cases: Self.cases).run { event, checkpoint in
            switch event {
            case .planned, .step: weights.append(checkpoint.parameters[name].values)
            default: break
            }
        }
        var average = weights[0]
        for (step, current) in weights.dropFirst().enumerated() {
            // min(0.9, (1 + t) / (10 + t)).
            let decay = Float(2 + step) / Float(11 + step)
            average = zip(average, current).map { decay * $0 + (1 - decay) * $1 }
        }
        let found = try #require(result.averaged).network.parameters[name].values
        #expect(zip(found, average).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(found != result.last.parameters[name].values)
        #expect(result.best.network.parameters[name].values == found)
    }

    @Test func pseudoDiceChoosesTheBestEpoch() throws {
        let result = try Trainer(plan: Self.uNetPlan, recipe: Self.nnUNet(), cases: Self.cases).run()
        let scores = result.history.map { $0.pseudoDice ?? -1 }
        var (average, averages) = (scores[0], [scores[0]])
        for score in scores.dropFirst() {
            average = 0.9 * average + 0.1 * score
            averages.append(average)
        }
        #expect(scores.allSatisfy { (0...1).contains($0) })
        #expect(result.bestEpoch == averages.firstIndex(of: averages.max()!)! + 1)
        #expect(result.history.map { $0.validationDice != nil } == [false, false, true])
        #expect(result.history.map(\.judgedDice) == averages)
        // A drain must not wait for all of an epoch's validation crops.
        var batches = 0
        _ = try Trainer(plan: Self.uNetPlan, recipe: Self.nnUNet(), cases: Self.cases).run { event, _ in
            if case .validating(_, of: 2, _, windows: 1) = event { batches += 1 }
        }
        #expect(batches == 6)
    }

    /// The only validation case is a patch as a whole, so each crop of it is the case.
    @Test(arguments: [Recipe.Loss.deepSupervision, .diceCrossEntropy])
    func theValidationLossIsThatOfTheWeightsOnValidationCrops(loss: Recipe.Loss) throws {
        var recipe = TrainerTests.recipe
        (recipe.epochs, recipe.stepsPerEpoch, recipe.epochsPerValidation, recipe.pseudoValidationSteps) = (2, 2, 0, 3)
        (recipe.loss, recipe.validationFraction) = (loss, 0.25)
        var plan = Self.uNetPlan
        plan.patch = [20, 20, 20]
        var kept: Parameters?
        let trainer = try Trainer(plan: plan, recipe: recipe, cases: Self.cases)
        let result = try trainer.run { event, checkpoint in
            if case .epoch(let summary) = event, summary.epoch == 1 { kept = checkpoint.parameters }
        }
        let last = try Self.cases.load(3)
        let network = try Network(configuration: plan.network, parameters: #require(kept))
        let image = TensorVolume.tensor(last.image, origin: [0, 0, 0], size: plan.patch, padding: .zero)
        var heads: [Tensor?] = loss == .deepSupervision ? try network.outputs(image) : [try network.logits(image)]
        let expected = recipe.lossValue(
            &heads, labels: TensorVolume.labels(last.label, origin: [0, 0, 0], size: plan.patch), pool: .shared)
        let found = try #require(result.history[0].validationLoss)
        #expect(abs(found - expected.dice - expected.crossEntropy) < 1e-6)
        recipe.pseudoValidationSteps = 0
        recipe.epochs = 1
        #expect(try Trainer(plan: plan, recipe: recipe, cases: Self.cases).run().history[0].validationLoss == nil)
    }

    @Test func patienceEndsARunEarlyAndItStaysEnded() throws {
        var recipe = TrainerTests.recipe
        // Nothing is learned, so no epoch is better than the first.
        (recipe.epochs, recipe.stepsPerEpoch, recipe.learningRate, recipe.patience) = (9, 1, 1e-12, 2)
        recipe.schedule = .constant
        let trainer = try Trainer(plan: Self.plan, recipe: recipe, cases: Self.cases)
        let result = try trainer.run()
        #expect(result.end == .early && result.history.count == 3 && result.bestEpoch == 1)
        #expect(try trainer.run(from: result.last).history.count == 3)
    }

    @Test func aRunThatIsAskedToFinishKeepsTheBestSoFar() throws {
        let trainer = try Trainer(plan: Self.plan, recipe: TrainerTests.recipe, cases: Self.cases)
        var (steps, best) = (0, Data())
        let result = try trainer.run { event, checkpoint in
            if case .step = event { steps += 1 }
            if case .epoch(let summary) = event, summary.epoch == checkpoint.state.bestEpoch {
                best = try ModelFile.data(checkpoint.model())
            }
        } shouldFinish: {
            steps == 6
        }
        #expect(result.end == .requested && result.last.state.step == 6 && result.history.count == 1)
        #expect(try ModelFile.data(result.best) == best)
    }

    /// A case whose values are no numbers, every time: the run goes back to the epoch's beginning at half the rate until
    /// it is clear that the rate is not what is wrong; a run that was stopped between does the same.
    @Test func aLossThatIsNoNumberReturnsToTheEpochsBeginningUntilItIsGivenUp() throws {
        var recipe = TrainerTests.recipe
        (recipe.epochs, recipe.stepsPerEpoch, recipe.epochsPerValidation) = (2, 4, 0)
        let cases = Poisoned(cases: Self.cases)
        let trainer = try Trainer(plan: Self.plan, recipe: recipe, cases: cases, loaderThreads: 0)
        var (returns, rates, saved): ([Int], [Double], Data?) = ([], [], nil)
        let error = #expect(throws: LearningError.self) {
            try trainer.run { event, checkpoint in
                switch event {
                case .returned(_, let step, let factor):
                    returns.append(step)
                    rates.append(factor)
                case .step where returns.count == 1 && saved == nil:
                    saved = try checkpoint.data()
                default: break
                }
            }
        }
        #expect(error?.code == .diverged)
        #expect(returns == [Int](repeating: 0, count: 8))
        #expect(rates == (1...8).map { 1 / Double(1 << $0) })
        #expect(error?.description.contains("halving the rate 8 times") == true)

        var later = 0
        _ = try? trainer.run(from: Checkpoint(data: #require(saved))) { event, _ in
            if case .returned = event { later += 1 }
        }
        #expect(later == 7)
    }

    /// The case that is asked for first is sound, all others are not.
    private final class Poisoned: TrainingCases {
        private let cases: CasesInMemory
        private let first = Mutex<Int?>(nil)

        init(cases: CasesInMemory) { self.cases = cases }

        var count: Int { cases.count }

        func load(_ index: Int) throws -> TrainingCase {
            let sound = first.withLock { first in
                first = first ?? index
                return first
            }
            let whole = try cases.load(index)
            return index == sound ? whole : TrainingCase(image: whole.image.map { _ in .nan }, label: whole.label)
        }
    }

    @Test func aRunThatReturnedGoesOnAndSaysSoInItsHistory() throws {
        var recipe = TrainerTests.recipe
        (recipe.epochs, recipe.stepsPerEpoch, recipe.epochsPerValidation) = (2, 4, 0)
        recipe.caseOrder = .draws
        let cases = Spoilt(cases: Self.cases)
        let trainer = try Trainer(
            plan: Self.plan, recipe: recipe, cases: cases, cacheLimitInBytes: 0, loaderThreads: 0)
        var returned = false
        let result = try trainer.run { event, _ in
            guard case .returned = event else { return }
            returned = true
            cases.isHealed.store(true, ordering: .relaxed)
        }
        #expect(returned && result.last.state.step == 8)
        #expect(result.history.last?.rateHalvings == 1)
        let rate = try #require(result.history.last).learningRate
        #expect(abs(rate - recipe.learningRate / 2) < 1e-12)
    }

    /// The fourth read gives values that are no numbers, until somebody heals it.
    private final class Spoilt: TrainingCases {
        private let cases: CasesInMemory
        private let reads = Atomic<Int>(0)
        let isHealed = Atomic<Bool>(false)

        init(cases: CasesInMemory) { self.cases = cases }

        var count: Int { cases.count }

        func load(_ index: Int) throws -> TrainingCase {
            let whole = try cases.load(index)
            guard reads.add(1, ordering: .relaxed).newValue >= 4, !isHealed.load(ordering: .relaxed) else {
                return whole
            }
            return TrainingCase(image: whole.image.map { _ in .nan }, label: whole.label)
        }
    }

    /// From the beginning of the next epoch there would be no way back.
    @Test func weightsThatAnEpochsLastStepRuinedAreNotKept() throws {
        var recipe = TrainerTests.recipe
        (recipe.epochs, recipe.stepsPerEpoch, recipe.epochsPerValidation) = (2, 1, 0)
        recipe.rateFactors = ["*": 1e40]
        let trainer = try Trainer(plan: Self.plan, recipe: recipe, cases: Self.cases)
        var kept: Checkpoint?
        let error = #expect(throws: LearningError.self) { try trainer.run { _, checkpoint in kept = checkpoint } }
        #expect(error?.code == .diverged && error?.description.contains("the weights have grown") == true)
        #expect(try #require(kept).parameters.norm < 1e18)
    }

    @Test func frozenLayersKeepTheirBytes() throws {
        var recipe = TrainerTests.recipe
        (recipe.epochs, recipe.epochsPerValidation) = (1, 0)
        recipe.frozen = ["down_layers.*", "convInit.*"]
        let start = Network(configuration: Self.plan.network, seed: recipe.seed).parameters
        let end = try Trainer(plan: Self.plan, recipe: recipe, cases: Self.cases).run().last.parameters
        for name in start.names {
            let isFrozen = name.hasPrefix("down_layers.") || name.hasPrefix("convInit.")
            #expect((start[name].values == end[name].values) == isFrozen, "\(name)")
        }
    }

    @Test(arguments: [["encoder.*"], ["*"]]) func patternsThatFreezeNothingOrAllAreRefused(frozen: [String]) {
        var recipe = TrainerTests.recipe
        recipe.frozen = frozen
        let error = #expect(throws: LearningError.self) {
            try Trainer(plan: Self.plan, recipe: recipe, cases: Self.cases)
        }
        #expect(
            error?.description.contains(frozen == ["*"] ? "every parameter is frozen" : "no parameter encoder.*")
                == true)
    }

    /// Every crop is of a case of its own, and validation sees none of them.
    @Test func generatedCasesNeverComeTwice() throws {
        let cases = Generated()
        var recipe = TrainerTests.recipe
        (recipe.epochs, recipe.stepsPerEpoch, recipe.batchSize) = (2, 3, 2)
        let result = try Trainer(plan: Self.plan, recipe: recipe, cases: cases, loaderThreads: 0).run()
        #expect(result.history.count == 2 && result.history[1].validationDice != nil)
        #expect(cases.asked.withLock { $0 } == [2, 3, 4, 5, 6, 7, 0, 1, 8, 9, 10, 11, 12, 13])
        recipe.stepsPerEpoch = nil
        let error = #expect(throws: LearningError.self) { try Trainer(plan: Self.plan, recipe: recipe, cases: cases) }
        #expect(error?.description.contains("stepsPerEpoch") == true)
    }

    private final class Generated: TrainingCases {
        let asked = Mutex<[Int]>([])
        private let source = TrainerTests.toy(4, size: 20)

        var count: Int { 2 }
        var areGenerated: Bool { true }

        func load(_ index: Int) throws -> TrainingCase {
            asked.withLock { $0.append(index) }
            return try source.load(index % 4)
        }
    }

    @Test func aCaseThatCannotBeReadEndsTheRunWithItsReason() throws {
        struct Torn: TrainingCases {
            var count: Int { 3 }
            func load(_ index: Int) throws -> TrainingCase { throw Stopped() }
        }
        for threads in [0, 2] {
            let trainer = try Trainer(
                plan: Self.plan, recipe: TrainerTests.recipe, cases: Torn(), loaderThreads: threads)
            #expect(throws: Stopped.self) { try trainer.run() }
        }
    }
}
