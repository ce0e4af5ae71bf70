import Foundation
import Networks
import TensorCore
import TestSupport
import Testing
import Threads

/// nnU-Net's networks against PyTorch in float64.
@Suite struct UNetTests {
    /// Small networks with all outputs and all gradients; the file's metadata say how they were made.
    private struct Fixture {
        let file: Safetensors
        let network: Network
        let names: [String]

        init(_ name: String) throws {
            file = try Safetensors.read(Fixtures.url("networks/\(name).safetensors"))
            let configuration = try NetworkConfiguration(json: Data(try #require(file.metadata["network"]).utf8))
            names = configuration.parameterTable.map(\.name)
            network = try Network(
                configuration: configuration,
                parameters: Parameters(named: names.map { [file] in ($0, try file.tensor("weights." + $0)) }))
        }

        /// Σ over heads k and flat indices i of output_k[i] · sin(0.37 i + k); leaves its gradients.
        func loss(_ heads: inout [Tensor?]) -> Double {
            var value = 0.0
            heads = heads.enumerated().map { level, head in
                guard let head else { return nil }
                let factors = (0..<head.count).map { sin(0.37 * Double($0) + Double(level)) }
                value += zip(head.values, factors).reduce(0) { $0 + Double($1.0) * $1.1 }
                return Tensor(factors.map(Float.init), shape: head.shape)
            }
            return value
        }
    }

    static let fixtures = [
        "plain_unet_isotropic", "plain_unet_anisotropic", "residual_unet_isotropic", "residual_unet_anisotropic",
    ]

    @Test(arguments: fixtures, Arithmetic.allCases) func outputsEqualPyTorch(name: String, arithmetic: Arithmetic)
        throws
    {
        let fixture = try Fixture(name)
        let outputs = try fixture.network.outputs(
            try fixture.file.tensor("input"), by: .inference(arithmetic: arithmetic))
        #expect(outputs.count == fixture.file.names.count { $0.hasPrefix("output_") })
        for (level, output) in outputs.enumerated() {
            #expect(Comparison.error(output, try fixture.file.tensor("output_\(level)")) < 5e-6, "output \(level)")
        }
    }

    @Test(arguments: fixtures, Arithmetic.allCases) func gradientsEqualPyTorch(name: String, arithmetic: Arithmetic)
        throws
    {
        let fixture = try Fixture(name)
        let (_, gradients) = try fixture.network.trainingStep(
            try fixture.file.tensor("input"), dropoutSeed: nil, by: Execution(arithmetic: arithmetic), allHeads: true,
            loss: fixture.loss)
        #expect(gradients.names == fixture.names)
        let truths = try Dictionary(
            uniqueKeysWithValues: fixture.names.map { ($0, try fixture.file.tensor("gradients." + $0)) })
        func largest(_ tensor: Tensor) -> Float { tensor.values.map(abs).max() ?? 0 }
        let scale = truths.values.map(largest).max() ?? 0
        var compared = 0
        for name in gradients.names {
            // A bias before an instance norm has no effect: its true gradient is 0.
            guard let truth = truths[name], largest(truth) > 1e-6 * scale else {
                #expect(largest(gradients[name]) < 1e-4 * scale, "gradient of \(name)")
                continue
            }
            compared += 1
            #expect(Comparison.error(gradients[name], truth) < 1e-4, "gradient of \(name)")
        }
        #expect(compared > fixture.names.count / 2)
    }

    @Test(arguments: fixtures) func aHeadWithoutGradientTakesNoPart(name: String) throws {
        let fixture = try Fixture(name)
        let input = try fixture.file.tensor("input")
        func gradients(_ isKept: @escaping (Int) -> Bool) throws -> Parameters {
            try fixture.network.trainingStep(input, dropoutSeed: nil, allHeads: true) { heads in
                let value = fixture.loss(&heads)
                heads = heads.enumerated().map { isKept($0) ? $1 : nil }
                return value
            }.gradients
        }
        let (all, upper, lower) = (try gradients { _ in true }, try gradients { $0 == 0 }, try gradients { $0 == 1 })
        // The lowest head comes first in the decoder.
        #expect(!upper.contains("decoder.seg_layers.0.weight") && !lower.contains("decoder.seg_layers.1.weight"))
        // What only the upper part of the decoder does, the lower head does not depend on.
        #expect(!lower.contains("decoder.transpconvs.1.weight") && lower.contains("decoder.transpconvs.0.weight"))
        // The loss is a sum over the heads.
        let stem = fixture.names[0]
        let sum = Tensor(zip(upper[stem].values, lower[stem].values).map { $0 + $1 }, shape: all[stem].shape)
        #expect(Comparison.error(sum, all[stem]) < 1e-4)
    }

    @Test(arguments: fixtures) func logitsAreTheFirstOutputAndThreadsDoNotChangeABit(name: String) throws {
        let fixture = try Fixture(name)
        let input = try fixture.file.tensor("input")
        let one = try fixture.network.logits(input, by: .inference(pool: ComputePool(threads: 1)))
        #expect(
            try fixture.network.outputs(input, by: .inference(pool: ComputePool(threads: 2)))[0].values == one.values)
        func step(_ threads: Int) throws -> Parameters {
            try fixture.network.trainingStep(
                input, dropoutSeed: nil, by: Execution(pool: ComputePool(threads: threads)), allHeads: true,
                loss: fixture.loss
            ).gradients
        }
        let (alone, shared) = (try step(1), try step(2))
        for name in alone.names { #expect(alone[name].values == shared[name].values, "gradient of \(name)") }
    }

    @Test(.enabled(if: Fixtures.golden("nnunet") != nil), arguments: ["isotropic", "anisotropic"], Arithmetic.allCases)
    func goldenOutputsEqualPyTorch(name: String, arithmetic: Arithmetic) throws {
        let json = try Data(contentsOf: try #require(Fixtures.golden("nnunet/\(name).json")))
        let weights = try Safetensors.read(try #require(Fixtures.golden("nnunet/\(name)_weights.safetensors")))
        let network = try Network(
            configuration: NetworkConfiguration(json: json, architecture: .plainUNet),
            parameters: Parameters(named: weights.names.map { ($0, try weights.tensor($0)) }))
        let golden = try Safetensors.read(try #require(Fixtures.golden("nnunet/\(name).safetensors")))
        let outputs = try network.outputs(try golden.tensor("input"), by: .inference(arithmetic: arithmetic))
        #expect(outputs.count == golden.names.count - 1)
        for (level, output) in outputs.enumerated() {
            let truth = try golden.tensor("output_\(level)")
            #expect(Comparison.error(output, truth) < (arithmetic == .exact ? 1e-5 : 5e-5), "output \(level)")
            #expect(Comparison.argmaxDifferences(output, truth, gap: 1e-3) == 0)
        }
    }
}
