import Augmentation
import Faults
import Foundation
import Learning
import Networks
import Plans
import Ranks
import TensorCore
import TestSupport
import Testing
import Threads

/// Several ranks at one run: threads of this process, which exchange in memory.
@Suite struct RankTests {
    private static let cases = TrainerTests.toy(5, size: 20)

    enum Kind: CaseIterable {
        /// Dropout, an average, clipped gradients, Dice over the classes that a crop has.
        case strong
        /// Deep supervision whose Dice's sums go over the batch, pseudo-validation.
        case nnUNet

        var plan: Plan {
            var plan = TrainerTests.plan
            guard self == .nnUNet else { return plan }
            plan.network = .plainUNet(
                UNetConfiguration(
                    inputChannels: 1, features: [4, 8, 8], kernels: [[Int]](repeating: [3, 3, 3], count: 3),
                    strides: [[1, 1, 1]] + [[Int]](repeating: [2, 2, 2], count: 2), classes: 3, repeats: [1, 1, 1],
                    convolutionsPerStageDecoder: [1, 1]))
            plan.slidingWindow = .nnUNet
            return plan
        }

        func recipe() throws -> Recipe {
            var recipe = try (self == .nnUNet ? RecipePreset.nnUNet3DFullRes : .segResNetStrong).recipe()
            (recipe.epochs, recipe.stepsPerEpoch, recipe.batchSize) = (2, 3, 6)
            (recipe.warmupEpochs, recipe.epochsPerValidation, recipe.validationFraction) = (0, 1, 0.6)
            if self == .nnUNet { (recipe.batchDice, recipe.pseudoValidationSteps) = (true, 3) }
            return recipe
        }
    }

    private static func trainer(_ kind: Kind, _ exchange: any RankExchange = Alone(), threads: Int = 0) throws
        -> Trainer
    {
        try Trainer(
            plan: kind.plan, recipe: kind.recipe(), cases: cases, loaderThreads: threads, exchange: exchange,
            pool: ComputePool(threads: 1 + threads))
    }

    /// Each rank's checkpoint after the last step, and the weights after the first.
    private static func trained(_ kind: Kind, ranks: Int, from checkpoint: Data? = nil, threads: Int = 0) async throws
        -> [(last: Data, first: Data?)]
    {
        try await RanksInMemory.run(ranks) { exchange in
            var first: Data?
            let result = try trainer(kind, exchange, threads: threads).run(
                from: checkpoint.map { try Checkpoint(data: $0) }
            ) { event, checkpoint in
                if case .step(let step) = event, step.step == 1 { first = try checkpoint.data() }
            }
            return (try result.last.data(), first)
        }
    }

    @Test(arguments: Kind.allCases) func ranksTakeTheStepsThatOneTakes(kind: Kind) async throws {
        let alone = try #require(try await Self.trained(kind, ranks: 1).first)
        for count in [2, 3] {
            let ranks = try await Self.trained(kind, ranks: count)
            #expect(ranks.allSatisfy { $0.last == ranks[0].last }, "all ranks end with the same bytes")
            let (one, all) = (try Checkpoint(data: alone.last), try Checkpoint(data: ranks[0].last))
            #expect(all.state.ranks?.map(\.ranks) == [count] && one.state.ranks == nil)
            #expect(Self.distance(one.parameters, all.parameters) < 1e-5)
            for (mine, theirs) in zip(one.state.history, all.state.history) {
                #expect(abs(mine.loss - theirs.loss) < 1e-5)
                #expect(
                    mine.validationDice != nil
                        && mine.pseudoDice.map { _ in true } == theirs.pseudoDice.map { _ in true })
                #expect(abs((mine.validationDice ?? -1) - (theirs.validationDice ?? -2)) < 0.02)
                #expect(abs((mine.pseudoDice ?? 0) - (theirs.pseudoDice ?? 0)) < 0.02)
            }
        }
    }

    @Test func asManyRanksMakeTheSameBytesOnAnyNumberOfThreadsAndAfterAStop() async throws {
        let whole = try await Self.trained(.strong, ranks: 2)
        #expect(try await Self.trained(.strong, ranks: 2, threads: 2).map(\.last) == whole.map(\.last))
        let stopped = try #require(whole[0].first)
        #expect(try await Self.trained(.strong, ranks: 2, from: stopped).map(\.last) == whole.map(\.last))
    }

    @Test func anotherNumberOfRanksGoesOnAndTheCheckpointSaysSo() async throws {
        let two = try await Self.trained(.strong, ranks: 2)
        let stopped = try #require(two[0].first)
        let alone = try #require(try await Self.trained(.strong, ranks: 1, from: stopped).first)
        let (one, all) = (try Checkpoint(data: alone.last), try Checkpoint(data: two[0].last))
        #expect(one.state.ranks?.map(\.fromStep) == [1, 2] && one.state.ranks?.map(\.ranks) == [2, 1])
        #expect(Self.distance(one.parameters, all.parameters) < 1e-5)
    }

    @Test func rankZeroSaysWhenTheRunFinishes() async throws {
        let steps = try await RanksInMemory.run(2) { exchange in
            var steps = 0
            let result = try Self.trainer(.strong, exchange).run { event, _ in
                if case .step = event { steps += 1 }
            } shouldFinish: {
                exchange.rank == 0 && steps == 2
            }
            return (steps, result.end)
        }
        #expect(steps.allSatisfy { $0 == (2, .requested) })
    }

    @Test func batchesThatRanksCannotShareAreRefused() throws {
        var recipe = TrainerTests.recipe
        recipe.batchSize = 3
        #expect(try recipe.share(ofRanks: 3) == 1)
        let error = #expect(throws: LearningError.self) { try recipe.share(ofRanks: 2) }
        #expect(error?.description.contains("2 ranks") == true && error?.description.contains("batches of 3") == true)
    }

    @Test(arguments: [
        DiceCrossEntropy.Form.monai, .presentClasses, .nnUNet(batchDice: false), .nnUNet(batchDice: true),
    ])
    func aLossOverRanksIsThatOfTheWholeBatchToTheBit(form: DiceCrossEntropy.Form) async throws {
        let shape = [4, 3, 5, 14, 20]
        let voxels = shape[2...].reduce(1, *)
        let logits = (0..<shape.reduce(1, *)).map { Float($0 * 7919 % 1013) / 300 }
        // A class that some samples lack.
        let labels = (0..<4 * voxels).map { UInt8($0 / voxels == 2 ? $0 % 2 : $0 * 31 % 97 % 3) }
        var whole = Tensor(logits, shape: shape)
        let expected = DiceCrossEntropy(form)(&whole, labels: labels)
        let gradient = whole.values
        let parts = try await RanksInMemory.run(2) { exchange in
            let range = exchange.rank * 2..<exchange.rank * 2 + 2
            var part = Tensor(
                Array(logits[range.lowerBound * 3 * voxels..<range.upperBound * 3 * voxels]), shape: [2] + shape[1...])
            let result = DiceCrossEntropy(form)(
                &part, labels: Array(labels[range.lowerBound * voxels..<range.upperBound * voxels]), exchange: exchange)
            return (result.dice, result.crossEntropy, part.values)
        }
        #expect(parts.allSatisfy { $0.0 == expected.dice && $0.1 == expected.crossEntropy })
        #expect(parts.flatMap(\.2) == gradient)
    }

    /// The largest difference of two sets of weights, relative to the largest weight of each tensor.
    private static func distance(_ one: Parameters, _ other: Parameters) -> Float {
        one.names.map { name in
            let (mine, theirs) = (one[name].values, other[name].values)
            let scale = mine.map(abs).max() ?? 1
            return zip(mine, theirs).map { abs($0 - $1) }.max().map { $0 / max(scale, 1e-3) } ?? 0
        }.max() ?? 0
    }
}
