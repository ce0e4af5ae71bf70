import Foundation
import Networks
import TensorCore
import TestSupport
import Testing

/// MONAI's SegResNet with 8 filters and 26 classes, computed by PyTorch in float64 (the shared reference data).
@Suite(.enabled(if: Fixtures.golden("segresnet") != nil, "the shared reference data are not there"))
struct GoldenSegResNetTests {
    private func golden(_ name: String) throws -> Safetensors {
        try Safetensors.read(try #require(Fixtures.golden(name)))
    }

    private func network() throws -> Network {
        let json = try Data(contentsOf: try #require(Fixtures.golden("segresnet/segresnet.json")))
        let weights = try golden("segresnet/weights.safetensors")
        let parameters = try Parameters(named: weights.names.map { ($0, try weights.tensor($0)) })
        return try Network(configuration: NetworkConfiguration(json: json), parameters: parameters)
    }

    @Test(arguments: ["cube", "brick"], Arithmetic.allCases) func logitsEqualPyTorch(
        name: String, arithmetic: Arithmetic
    ) throws {
        let expected = try golden("segresnet/\(name).safetensors")
        let truth = try expected.tensor("logits")
        let logits = try network().logits(try expected.tensor("input"), by: Execution(arithmetic: arithmetic))
        #expect(Comparison.error(logits, truth) < 2e-6)
        #expect(Comparison.argmaxDifferences(logits, truth, gap: 1e-4) == 0)
    }

    /// Winograd's too, within the tolerance of direct sums.
    @Test(arguments: Arithmetic.allCases) func gradientsEqualPyTorch(arithmetic: Arithmetic) throws {
        let batch = try golden("segresnet_training/batch.safetensors")
        let truth = try golden("segresnet_training/gradients_step0.safetensors")
        let labels = try batch.bytes("label")
        let (loss, gradients) = try network().trainingStep(
            try batch.tensor("image"), dropoutSeed: nil, by: Execution(arithmetic: arithmetic)
        ) { diceCrossEntropy(&$0, labels: labels) }
        #expect(abs(loss - 4.2636728987648) < 2e-6)
        #expect(gradients.names.count == 83)
        for name in gradients.names {
            #expect(Comparison.error(gradients[name], try truth.tensor(name)) < 1e-3, "gradient of \(name)")
        }
    }
}
