import Augmentation
import Faults
import Foundation
import Learning
import Networks
import Plans
import TensorCore
import Testing
import Threads
import Volumes

@Suite struct TrainerTests {
    static let plan: Plan = {
        var plan = Plan()
        plan.labelSet = "toy"
        plan.patch = [16, 16, 16]
        plan.network = .segResNet(
            SegResNet.Configuration(
                outputChannels: 3, initialFilters: 8, blocksDown: [1, 1], blocksUp: [1], dropout: 0.2))
        return plan
    }()

    static var recipe: Recipe {
        var recipe = Recipe()
        recipe.epochs = 3
        recipe.stepsPerEpoch = 4
        recipe.learningRate = 2e-3
        recipe.foregroundFraction = 0.5
        recipe.augmentation = .light
        recipe.seed = 11
        return recipe
    }

    /// Learns fast what is plain; validates every fourth epoch.
    static func quick(epochs: Int, steps: Int) -> Recipe {
        var recipe = recipe
        recipe.epochs = epochs
        recipe.stepsPerEpoch = steps
        recipe.learningRate = 5e-3
        recipe.epochsPerValidation = 4
        recipe.augmentation = .none
        return recipe
    }

    /// A bright ball (class 1) and a brighter box (class 2) in noise, elsewhere in each case.
    static func toy(_ count: Int, size: Int = 24) -> CasesInMemory {
        CasesInMemory(
            (0..<count).map { number in
                var random = StepRandom(seed: UInt64(number), purpose: .augmentation, index: 0)
                let geometry = Geometry(
                    size: [size, size, size], affine: Affine(spacingInMillimetres: [1.5, 1.5, 1.5]))
                var (image, label) = (
                    Volume<Float>(geometry: geometry, repeating: 0), Volume<UInt8>(geometry: geometry, repeating: 0)
                )
                let (ball, box) = ((0..<3).map { _ in 6 + random.below(4) }, (0..<3).map { _ in 12 + random.below(4) })
                for k in 0..<size {
                    for j in 0..<size {
                        for i in 0..<size {
                            let distance = zip([i, j, k], ball).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
                            if distance < 25 { label[i, j, k] = 1 }
                            if zip([i, j, k], box).allSatisfy({ $0 >= $1 && $0 < $1 + 7 }) { label[i, j, k] = 2 }
                            image[i, j, k] = [-0.8, 0, 0.8][Int(label[i, j, k])] + Float(random.uniform(-0.1, 0.1))
                        }
                    }
                }
                return TrainingCase(image: image, label: label)
            })
    }

    /// Said before a training begins: what can be run only, and classes that cases do not name one by one.
    @Test func plansThatCannotBeTrainedAreRefused() {
        func reason(_ change: (inout Plan) -> Void) -> String {
            var plan = Self.plan
            change(&plan)
            let error = #expect(throws: LearningError.self) {
                try Trainer(plan: plan, recipe: Self.recipe, cases: Self.toy(2))
            }
            return error?.description ?? ""
        }
        let batchNorm = reason { $0.network.segResNet?.norm = .batch }
        #expect(batchNorm.contains("batch norm"))
        let parametric = reason { $0.network.segResNet?.activation = .parametricReLU }
        #expect(parametric.contains("prelu"))
        let mergedClasses = reason { $0.classLabels = [0, 1, 1] }
        #expect(mergedClasses.contains("classLabels"))
    }

    /// The toy's cases again and again, as if they were made.
    private struct GeneratedToys: TrainingCases {
        private let toys = TrainerTests.toy(3)

        var count: Int { 2 }

        var areGenerated: Bool { true }

        func load(_ index: Int) throws -> TrainingCase { try toys.load(index % toys.count) }
    }

    /// What is written as background is learned from, and neither found nor missed.
    @Test func aClassWithoutALabelIsNotJudged() throws {
        var plan = Self.plan
        plan.classLabels = [0, 1, 0]
        var recipe = Self.quick(epochs: 1, steps: 1)
        (recipe.epochsPerValidation, recipe.pseudoValidationSteps) = (1, 2)
        let epoch = try #require(
            try Trainer(plan: plan, recipe: recipe, cases: GeneratedToys()).run().history.first)
        #expect(epoch.validationDiceByClass.map { Array($0.keys) } == [1])
        #expect(epoch.pseudoDiceByClass.map { Array($0.keys) } == [1])
    }

    /// Heads of lower resolution learn only by deep supervision; the lowest has no weight.
    @Test(arguments: [Recipe.Loss.diceCrossEntropy, .deepSupervision]) func aUNetLearnsAToy(loss: Recipe.Loss) throws {
        var plan = Self.plan
        plan.network = .plainUNet(
            UNetConfiguration(
                inputChannels: 1, features: [8, 16, 16, 16], kernels: [[Int]](repeating: [3, 3, 3], count: 4),
                strides: [[1, 1, 1]] + [[Int]](repeating: [2, 2, 2], count: 3), classes: 3,
                repeats: [1, 1, 1, 1],
                convolutionsPerStageDecoder: [1, 1, 1]))
        var recipe = Self.quick(epochs: 4, steps: 15)
        recipe.loss = loss
        let result = try Trainer(plan: plan, recipe: recipe, cases: Self.toy(3)).run()
        #expect(try #require(result.last.state.bestDice) > 0.7, "\(result.history)")
        #expect(result.history[3].loss < result.history[0].loss - 0.5)
        let fresh = Network(configuration: plan.network, seed: recipe.seed).parameters
        func moved(_ head: Int) -> Bool {
            let name = "decoder.seg_layers.\(head).weight"
            return result.last.parameters[name].values != fresh[name].values
        }
        #expect(moved(2) && moved(1) == (loss == .deepSupervision) && !moved(0))
        #expect(
            try Checkpoint(data: result.last.data()).parameters["decoder.seg_layers.2.weight"].values
                == result.last.parameters["decoder.seg_layers.2.weight"].values)
    }

    @Test func learnsAToy() throws {
        let recipe = Self.quick(epochs: 8, steps: 25)
        let result = try Trainer(plan: Self.plan, recipe: recipe, cases: Self.toy(3)).run()
        let losses = result.history.map(\.loss)
        #expect(losses.count == 8)
        #expect(losses[0] > 0.8)
        #expect(losses[7] < 0.5, "losses \(losses)")
        let best = try #require(result.last.state.bestDice)
        #expect(best > 0.8, "\(result.history.map(\.validationDice))")
    }

    @Test func arithmeticIsTheRecipesInTrainingAndValidation() throws {
        var recipe = Self.recipe
        // Weights hardly move: the losses differ only by how the same numbers are computed.
        recipe.learningRate = 1e-9
        func losses(_ arithmetic: Arithmetic) throws -> [Double] {
            recipe.arithmetic = arithmetic
            return try Trainer(plan: Self.plan, recipe: recipe, cases: Self.toy(3)).run().history.map(\.loss)
        }
        let (fast, exact) = (try losses(.fast), try losses(.exact))
        #expect(fast != exact)
        #expect(zip(fast, exact).allSatisfy { abs($0 - $1) < 1e-4 })
    }

    @Test func trainingThatNeedsMoreMemoryThanItMayIsRefusedBeforeItStarts() throws {
        let trainer = try Trainer(
            plan: Self.plan, recipe: Self.recipe, cases: Self.toy(3), cacheLimitInBytes: 1 << 20,
            memoryLimitInBytes: 2 << 20)
        var events = 0
        let error = #expect(throws: LearningError.self) { try trainer.run { _, _ in events += 1 } }
        #expect(error?.code == .memoryLimit)
        #expect(error?.description.contains("the limit is 2 MiB") == true)
        #expect(events == 0)
    }

    @Test func recomputingIsRefusedWhereItDoesNothing() throws {
        var (plan, recipe) = (Self.plan, Self.recipe)
        plan.network = .plainUNet(
            UNetConfiguration(
                inputChannels: 1, features: [8, 8], kernels: [[3, 3, 3], [3, 3, 3]], strides: [[1, 1, 1], [2, 2, 2]],
                classes: 3, repeats: [1, 1], convolutionsPerStageDecoder: [1]))
        recipe.recomputesActivations = true
        let error = #expect(throws: LearningError.self) { try Trainer(plan: plan, recipe: recipe, cases: Self.toy(3)) }
        #expect(error?.code == .invalidRecipe)
    }

    @Test func aResumedRunGivesTheSameBytes() throws {
        struct Stopped: Error {}
        let trainer = try Trainer(plan: Self.plan, recipe: Self.recipe, cases: Self.toy(3))
        let whole = try trainer.run()

        for stop in [1, 4, 6, 9] {
            var saved: Data?
            #expect(throws: Stopped.self) {
                try trainer.run { event, checkpoint in
                    guard case .step(let summary) = event, summary.step == stop else { return }
                    saved = try checkpoint.data()
                    throw Stopped()
                }
            }
            let checkpoint = try Checkpoint(data: #require(saved))
            let resumed = try trainer.run(from: checkpoint)
            #expect(try resumed.last.data() == whole.last.data())
            #expect(try ModelFile.data(resumed.best) == ModelFile.data(whole.best))
        }
    }

    @Test func checkpointsAfterEpochsHoldTheBestWeights() throws {
        let trainer = try Trainer(plan: Self.plan, recipe: Self.recipe, cases: Self.toy(3))
        var epochs: [Data] = []
        let whole = try trainer.run { event, checkpoint in
            if case .epoch = event { epochs.append(try checkpoint.data()) }
        }
        for data in epochs {
            let resumed = try trainer.run(from: Checkpoint(data: data))
            #expect(try ModelFile.data(resumed.best) == ModelFile.data(whole.best))
            #expect(resumed.bestEpoch == whole.bestEpoch)
        }
    }

    @Test func threadsDoNotChangeTheBytes() throws {
        var recipe = Self.recipe
        recipe.epochs = 1
        recipe.batchSize = 2
        let bytes = try [1, 3].map { threads in
            try Trainer(plan: Self.plan, recipe: recipe, cases: Self.toy(2), pool: ComputePool(threads: threads)).run()
                .last.data()
        }
        #expect(bytes[0] == bytes[1])
    }

    @Test func aCheckpointOfAnotherRecipeIsRefused() throws {
        var recipe = Self.recipe
        recipe.epochs = 1
        let checkpoint = try Trainer(plan: Self.plan, recipe: recipe, cases: Self.toy(2)).run().last
        recipe.seed = 12
        let error = #expect(throws: LearningError.self) {
            try Trainer(plan: Self.plan, recipe: recipe, cases: Self.toy(2)).run(from: checkpoint)
        }
        #expect(error?.code == .unreadableCheckpoint)
        #expect(error?.description.contains("recipe") == true)
    }

    @Test func aModelFileIsNoCheckpoint() throws {
        let network = Network(configuration: Self.plan.network, seed: 1)
        let data = try ModelFile.data(Model(plan: Self.plan, parameters: network.parameters))
        let error = #expect(throws: LearningError.self) { try Checkpoint(data: data) }
        #expect(error?.code == .unreadableCheckpoint)
    }

    @Test func labelsBeyondTheNetworkAreRefused() throws {
        let geometry = Geometry(size: [16, 16, 16], affine: Affine(spacingInMillimetres: [1.5, 1.5, 1.5]))
        let cases = CasesInMemory([
            TrainingCase(
                image: Volume(geometry: geometry, repeating: 0), label: Volume(geometry: geometry, repeating: 3))
        ])
        let error = #expect(throws: LearningError.self) {
            try Trainer(plan: Self.plan, recipe: Self.recipe, cases: cases).run()
        }
        #expect(error?.code == .unusableCases)
        #expect(error?.description.contains("3") == true)
    }

    @Test func noCasesAreRefused() {
        let error = #expect(throws: LearningError.self) {
            try Trainer(plan: Self.plan, recipe: Self.recipe, cases: CasesInMemory([]))
        }
        #expect(error?.code == .unusableCases)
    }
}
