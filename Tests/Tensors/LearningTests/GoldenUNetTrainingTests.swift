import Foundation
import Learning
import Networks
import TensorCore
import TestSupport
import Testing

/// nnU-Net's trainer loss and its gradients on PlainConvUNet, computed by PyTorch in float64 (the shared reference
/// data).
@Suite(.enabled(if: Fixtures.golden("nnunet") != nil, "the shared reference data are not there"))
struct GoldenUNetTrainingTests {
    private struct Description: Decodable {
        struct Run: Decodable {
            struct Losses: Decodable { let float64: [Double] }
            let loss: Losses
            let parameters_without_gradient: [String]
        }
        let runs: [String: Run]
    }

    private func golden(_ name: String) throws -> URL { try #require(Fixtures.golden("nnunet/\(name)")) }

    @Test(arguments: [false, true], Arithmetic.allCases) func lossAndGradientsEqualNNUNets(
        batchDice: Bool, arithmetic: Arithmetic
    ) throws {
        let weights = try Safetensors.read(golden("isotropic_weights.safetensors"))
        let network = try Network(
            configuration: NetworkConfiguration(
                json: Data(contentsOf: golden("isotropic.json")), architecture: .plainUNet),
            parameters: Parameters(named: weights.names.map { ($0, try weights.tensor($0)) }))
        let batch = try Safetensors.read(golden("isotropic_training_batch.safetensors"))
        let labels = try batch.bytes("target_0")
        let name = "batch_dice_\(batchDice)"
        let description = try JSONDecoder().decode(
            Description.self, from: Data(contentsOf: golden("isotropic_training.json")))
        let run = try #require(description.runs[name])

        let (loss, gradients) = try network.trainingStep(
            try batch.tensor("image"), dropoutSeed: nil, by: Execution(arithmetic: arithmetic), allHeads: true
        ) { heads in
            DeepSupervisionLoss(batchDice: batchDice)(&heads, labels: labels).value
        }
        #expect(abs(loss - run.loss.float64[0]) < 2e-5)
        #expect(Set(network.parameters.names).subtracting(gradients.names) == Set(run.parameters_without_gradient))
        let truths = try Safetensors.read(golden("isotropic_training_gradients_step0.safetensors"))
        var compared = 0
        for key in truths.names where key.hasPrefix(name + ".") {
            let truth = try truths.tensor(key)
            guard truth.values.contains(where: { !(abs($0) <= 1e-6) }) else { continue }
            compared += 1
            #expect(Comparison.error(gradients[String(key.dropFirst(name.count + 1))], truth) < 2e-2, "\(key)")
        }
        #expect(compared > 8)
    }
}
