import Foundation
import Learning
import Networks
import Statistics
import TensorCore
import TestSupport
import Testing
import Threads

/// Fifty steps beside MONAI's and nnU-Net's own code, from the same weights on the same patches
/// (Tests/Fixtures/training/make_curves.py): the loss stays within a thousandth.
@Suite struct TrainingCurveTests {
    private static let file = Result { try Safetensors.read(Fixtures.url("training/curves.safetensors")) }
    private static let edge = 16
    private static let steps = 50

    private struct Run {
        var network: Network
        var optimizer: Optimizer
        let recipe: Recipe

        init(_ configuration: NetworkConfiguration, _ recipe: Recipe, weights prefix: String) throws {
            let file = try file.get()
            let named = try configuration.parameterTable.map {
                ($0.name, try file.tensor("\(prefix).\($0.name)"))
            }
            network = try Network(configuration: configuration, parameters: Parameters(named: named))
            optimizer = Optimizer(recipe, parameters: network.parameters)
            self.recipe = recipe
        }

        mutating func step(_ number: Int, _ image: Tensor, _ labels: [UInt8]) throws -> Double {
            let isDeep = recipe.loss == .deepSupervision
            var (loss, gradients) = try network.trainingStep(image, dropoutSeed: nil, allHeads: isDeep) { heads in
                let terms = recipe.lossValue(&heads, labels: labels, pool: .shared)
                return terms.dice + terms.crossEntropy
            }
            if let limit = recipe.gradientNorm { gradients.shorten(to: limit, norm: gradients.norm) }
            optimizer.update(
                &network.parameters, gradients: gradients,
                learningRate: recipe.learningRate(atStep: number, of: steps), factor: { _ in 1 }, pool: .shared)
            return loss
        }
    }

    /// - Parameter floor: the lowest value of the loss, which errors are relative to.
    private func compare(_ run: Run, _ curve: String, floor: Double, _ batch: (Int) throws -> (Tensor, [UInt8])) throws
    {
        var run = run
        let truth = try Self.file.get().tensor("losses.\(curve)").values.map(Double.init)
        var worst = 0.0
        for number in 0..<Self.steps {
            let (image, labels) = try batch(number)
            let loss = try run.step(number, image, labels)
            worst = max(worst, abs(loss - truth[number]) / (truth[number] - floor))
        }
        #expect(worst < 1e-3, "\(curve): \(worst)")
    }

    @Test func aSegResNetFollowsMONAIForFiftySteps() throws {
        var recipe = Recipe()
        recipe.learningRate = 1e-3
        let configuration = NetworkConfiguration.segResNet(
            SegResNet.Configuration(
                outputChannels: 4, initialFilters: 8, blocksDown: [1, 2], blocksUp: [1], dropout: 0))
        try compare(Run(configuration, recipe, weights: "segresnet"), "segresnet", floor: 0, Self.madeBatch)
    }

    @Test(arguments: [false, true]) func aUNetFollowsNNUNetForFiftySteps(isAugmented: Bool) throws {
        var recipe = try RecipePreset.nnUNet3DFullRes.recipe()
        (recipe.epochs, recipe.stepsPerEpoch) = (5, 10)
        let configuration = NetworkConfiguration.plainUNet(
            UNetConfiguration(
                inputChannels: 1, features: [8, 16, 16], kernels: [[Int]](repeating: [3, 3, 3], count: 3),
                strides: [[1, 1, 1], [2, 2, 2], [2, 2, 2]], classes: 4, repeats: [2, 2, 2],
                convolutionsPerStageDecoder: [2, 2]))
        let run = try Run(configuration, recipe, weights: "unet")
        guard isAugmented else { return try compare(run, "unet", floor: -1, Self.madeBatch) }
        // As batchgeneratorsv2 augmented them.
        let (images, labels) = (
            try Self.file.get().bytes("augmented.images"), try Self.file.get().bytes("augmented.labels")
        )
        let voxels = Self.edge * Self.edge * Self.edge
        try compare(run, "augmented", floor: -1) { step in
            let range = step * voxels..<(step + 1) * voxels
            let values = images[range].map { Float($0) / 64 - 2 }
            return (Tensor(values, shape: [1, 1, Self.edge, Self.edge, Self.edge]), Array(labels[range]))
        }
    }

    /// Two patches, each a ball of every class in noise, as make_curves.py makes them from the same integers.
    private static func madeBatch(_ step: Int) -> (Tensor, [UInt8]) {
        let made = (0..<2).map { madePatch(1000 + 2 * step + $0) }
        return (Tensor(made.flatMap(\.image), shape: [2, 1, edge, edge, edge]), made.flatMap(\.labels))
    }

    private static func madePatch(_ number: Int) -> (image: [Float], labels: [UInt8]) {
        var random = SplitMix64(seed: UInt64(number))
        var labels = [UInt8](repeating: 0, count: edge * edge * edge)
        for label in 1..<4 {
            let centre = (0..<3).map { _ in Int(random.next() % UInt64(edge)) }
            for index in labels.indices {
                let place = [index / (edge * edge), index / edge % edge, index % edge]
                let offsets = (0..<3).map { place[$0] - centre[$0] }
                let distance = offsets[0] * offsets[0] + offsets[1] * offsets[1] + offsets[2] * offsets[2]
                if distance < 16 + 4 * label { labels[index] = UInt8(label) }
            }
        }
        let image = labels.map { label -> Float in
            let noise = Double(random.next() >> 40) / Double(1 << 24)
            return Float(Double(label) * 0.5 - 0.75 + noise * 0.5 - 0.25)
        }
        return (image, labels)
    }
}
