import Foundation
import Learning
import Networks
import TensorCore
import TestSupport
import Testing

/// Ten steps of MONAI's DiceCE and PyTorch's AdamW.
@Suite(.enabled(if: Fixtures.golden("segresnet_training/batch.safetensors") != nil))
struct GoldenTrainingTests {
    private struct Description: Decodable {
        struct Curve: Decodable { let float64: [Double] }
        struct Norm: Decodable { let l2: Double }
        let curves: [String: Curve]
        let final_weight_norms: [String: Norm]

        private enum CodingKeys: String, CodingKey { case curves, final_weight_norms }
        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            struct Entry: Decodable { let float64: [Double]? }
            struct Curves: Decodable { let loss: Curve; let dice: Curve; let cross_entropy: Curve }
            let curves = try values.decode(Curves.self, forKey: .curves)
            self.curves = ["loss": curves.loss, "dice": curves.dice, "cross_entropy": curves.cross_entropy]
            final_weight_norms = try values.decode([String: Norm].self, forKey: .final_weight_norms)
        }
    }

    @Test(arguments: Arithmetic.allCases) func lossesGradientsAndWeightsFollowTheReference(_ arithmetic: Arithmetic)
        throws
    {
        func golden(_ name: String) throws -> Safetensors {
            try Safetensors.read(#require(Fixtures.golden("segresnet_training/" + name)))
        }
        let json = try Data(contentsOf: #require(Fixtures.golden("segresnet_training/segresnet_training.json")))
        let expected = try JSONDecoder().decode(Description.self, from: json)
        let weights = try Safetensors.read(#require(Fixtures.golden("segresnet/weights.safetensors")))
        let batch = try golden("batch.safetensors")
        let gradientTruth = try golden("gradients_step0.safetensors")
        let selected = try golden("selected_weights.safetensors")
        let (image, labels) = (try batch.tensor("image"), try batch.bytes("label"))
        var network = try Network(
            configuration: .segResNet(SegResNet.Configuration(initialFilters: 8)),
            parameters: Parameters(named: weights.names.map { ($0, try weights.tensor($0)) }))
        var optimizer = AdamW(parameters: network.parameters, weightDecay: 1e-5)

        let execution = Execution(arithmetic: arithmetic)
        for step in 0..<10 {
            var terms = (dice: 0.0, crossEntropy: 0.0)
            let (loss, gradients) = try network.trainingStep(image, dropoutSeed: nil, by: execution) { logits in
                let result = DiceCrossEntropy()(&logits, labels: labels)
                terms = (result.dice, result.crossEntropy)
                return result.value
            }
            let tolerance = step == 0 ? 2e-5 : 5e-4
            #expect(abs(loss - expected.curves["loss"]!.float64[step]) < tolerance)
            #expect(abs(terms.dice - expected.curves["dice"]!.float64[step]) < tolerance)
            #expect(abs(terms.crossEntropy - expected.curves["cross_entropy"]!.float64[step]) < tolerance)
            if step == 0 {
                for name in gradientTruth.names {
                    let truth = try gradientTruth.tensor(name).values
                    let error = zip(gradients[name].values, truth).map { abs($0 - $1) }.max()!
                    #expect(error <= 1e-3 * truth.map(abs).max()!, "gradient of \(name)")
                }
            }
            optimizer.update(&network.parameters, gradients: gradients, learningRate: 1e-3)
            if step == 0 { try compareFirstStep(network, selected, gradientTruth) }
        }
        for (name, norm) in expected.final_weight_norms {
            let found = network.parameters[name].values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            #expect(abs(found - norm.l2) <= 1e-3 * norm.l2, "norm of \(name)")
        }
    }

    /// The first step moves every weight by nearly the learning rate, whatever the gradient's size: where the gradient
    /// is clearly not 0, the weights must agree closely.
    private func compareFirstStep(_ network: Network, _ selected: Safetensors, _ gradients: Safetensors) throws {
        for name in selected.names where name.hasPrefix("after_step_1.") {
            let parameter = String(name.dropFirst("after_step_1.".count))
            let slopes = try gradients.tensor(parameter).values
            let truth = try selected.tensor(name).values
            let scale = slopes.map(abs).max()!
            for (index, value) in network.parameters[parameter].values.enumerated()
            where abs(slopes[index]) > 0.01 * scale {
                #expect(abs(value - truth[index]) < 2e-6, "\(parameter)[\(index)]")
            }
        }
    }
}
