import Faults
import Networks
import Statistics
import TensorCore
import Testing

@Suite struct ExecutionTests {
    private let network = Network(
        configuration: .segResNet(
            SegResNet.Configuration(
                outputChannels: 5, initialFilters: 8, blocksDown: [1, 2, 2], blocksUp: [1, 1], dropout: 0.2)),
        seed: 4)
    private let input = noise([1, 1, 24, 16, 20], seed: 5)

    private static func noise(_ shape: [Int], seed: UInt64) -> Tensor {
        var generator = SplitMix64(seed: seed)
        return Tensor((0..<shape.reduce(1, *)).map { _ in generator.nextUnitFloat() - 0.5 }, shape: shape)
    }

    private func step(_ execution: Execution) throws -> Parameters {
        try network.trainingStep(input, dropoutSeed: 6, by: execution) { _ in 0 }.gradients
    }

    @Test func fastAndExactAgreeWithinTheFastPathsTolerance() throws {
        let (fast, exact) = (
            try network.logits(input, by: Execution()), try network.logits(input, by: Execution(arithmetic: .exact))
        )
        let largest = exact.values.map(abs).max() ?? 0
        let difference = zip(fast.values, exact.values).map { abs($0 - $1) }.max() ?? 0
        #expect(difference > 0)
        #expect(difference < 3e-4 * largest)

        let (quick, direct) = (try step(Execution()), try step(Execution(arithmetic: .exact)))
        func norm(_ values: [Float]) -> Double { values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
        for name in direct.names {
            let apart = zip(quick[name].values, direct[name].values).map { $0 - $1 }
            // A bias's gradient is a sum that cancels: it is as exact as the gradient of the weight beside it is large.
            let weight = name.replacing(/bias$/, with: "weight")
            let scale = max(norm(direct[name].values), norm(direct[weight].values))
            #expect(norm(apart) <= 2e-3 * scale, "gradient of \(name)")
        }
    }

    @Test func weightsKeptFromPassToPassGiveTheSameBits() throws {
        let kept = Execution.inference()
        let first = try network.logits(input, by: kept)
        #expect(try network.logits(input, by: kept).values == first.values)
        #expect(try network.logits(input, by: Execution()).values == first.values)

        var changed = network
        changed.parameters.change("down_layers.0.1.conv1.conv.weight") { $0[3] += 1 }
        let after = try changed.logits(input, by: kept)
        #expect(after.values != first.values)
        #expect(try changed.logits(input, by: Execution()).values == after.values)
    }

    /// Of a network whose maps are few, those that are made again for a block may be more than those that were let go of.
    @Test func recomputingActivationsSavesMemoryOfTheStandardNetworkAndChangesNoBit() throws {
        let (kept, recomputed) = (Execution(), Execution(recomputesActivations: true))
        let (expected, found) = (try step(kept), try step(recomputed))
        for name in expected.names { #expect(expected[name].values == found[name].values, "gradient of \(name)") }
        #expect(found.names == expected.names)
        let standard = Network(configuration: .standard(.segResNet), seed: 1)
        let patch = [1, 1, 96, 96, 96]
        #expect(
            10 * standard.plan(training: patch, by: recomputed).activationBytes
                < 9 * standard.plan(training: patch, by: kept).activationBytes)
    }

    @Test func theStandardNetworkStatesItsPeakBeforeItStarts() {
        let standard = Network(configuration: .segResNet(SegResNet.Configuration()), seed: 1)
        let (inference, training) = (
            standard.plan(inference: [1, 1, 128, 128, 128]), standard.plan(training: [1, 1, 96, 96, 96])
        )
        #expect((1_500...3_000).contains(inference.bytes >> 20))
        #expect((1_000...2_000).contains(training.bytes >> 20))
        #expect(training.parameterBytes >= 18_796_794 * 4)
    }

    /// Of the maps at full resolution the image's first and the decoder's upsampled ones are made again on the way back.
    /// Kept, they took 1 120 960 512, 1 033 506 048 and 445 684 992 bytes.
    @Test func mapsThatAreLittleWorkAreNotKept() {
        let standard = Network(configuration: .standard(.segResNet), seed: 1)
        #expect(standard.plan(training: [1, 1, 96, 96, 96]).activationBytes <= 1_007_714_304)
        let segResNet = NetworkConfiguration.segResNet(
            SegResNet.Configuration(blocksDown: [1, 1], blocksUp: [1], dropout: 0.2))
        let plan = Network(configuration: segResNet, seed: 1).plan(training: [1, 1, 96, 96, 96])
        #expect(plan.activationBytes <= 920_125_440)
        let uNet = Network(configuration: .standard(.plainUNet), seed: 1)
        #expect(uNet.plan(training: [1, 1, 64, 64, 64]).activationBytes <= 339_738_624)
    }

    @Test func aPassBeyondTheLimitIsRefused() {
        let error = #expect(throws: TensorError.self) {
            try network.logits(input, by: Execution(memoryLimitInBytes: 1 << 20))
        }
        #expect(error?.code == .memoryLimit)
        #expect(throws: TensorError.self) { try step(Execution(memoryLimitInBytes: 1 << 20)) }
    }
}
