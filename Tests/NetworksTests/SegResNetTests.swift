import Foundation
import Networks
import TensorCore
import TestSupport
import Testing

@Suite struct SegResNetTests {
    /// A small network by MONAI with its logits and gradients in float64; the file's metadata say how it was made.
    private func fixture() throws -> (file: Safetensors, network: Network) {
        let file = try Safetensors.read(Fixtures.url("networks/segresnet_small.safetensors"))
        let json = try #require(file.metadata["network"])
        let configuration = try JSONDecoder().decode(SegResNet.Configuration.self, from: Data(json.utf8))
        let named = try SegResNet.parameterTable(configuration).map { ($0.name, try file.tensor("weights." + $0.name)) }
        return (file, try Network(configuration: .segResNet(configuration), parameters: Parameters(named: named)))
    }

    @Test func logitsEqualPyTorch() throws {
        let (file, network) = try fixture()
        #expect(Comparison.error(try network.logits(try file.tensor("input")), try file.tensor("logits")) < 5e-6)
    }

    @Test func lossAndGradientsEqualPyTorch() throws {
        let (file, network) = try fixture()
        let labels = try file.bytes("label")
        let (loss, gradients) = try network.trainingStep(try file.tensor("input"), dropoutSeed: nil) {
            diceCrossEntropy(&$0, labels: labels)
        }
        #expect(abs(loss - Double(try file.tensor("loss")[0])) < 2e-6)
        #expect(gradients.names == network.parameters.names)
        for name in gradients.names {
            #expect(Comparison.error(gradients[name], try file.tensor("gradients." + name)) < 1e-3, "gradient of \(name)")
        }
    }

    @Test func gradientsWithDropoutFollowTheLoss() throws {
        let (file, fixed) = try fixture()
        var configuration = try #require(fixed.configuration.segResNet)
        configuration.dropout = 0.4
        let network = try Network(configuration: .segResNet(configuration), parameters: fixed.parameters)
        let input = try file.tensor("input")
        let labels = try file.bytes("label")
        func step(_ network: Network, seed: UInt64) throws -> (loss: Double, gradients: Parameters) {
            try network.trainingStep(input, dropoutSeed: seed) { diceCrossEntropy(&$0, labels: labels) }
        }
        let (loss, gradients) = try step(network, seed: 3)
        #expect(try step(network, seed: 3).loss == loss)
        #expect(try step(network, seed: 4).loss != loss)

        let name = "convInit.conv.weight"
        let squares = gradients[name].values.reduce(0.0) { $0 + Double($1) * Double($1) }
        func moved(_ distance: Float) throws -> Double {
            var other = network
            let values = zip(network.parameters[name].values, gradients[name].values).map { $0 + distance * $1 }
            other.parameters[name] = Tensor(values, shape: network.parameters[name].shape)
            return try step(other, seed: 3).loss
        }
        let distance: Float = 0.01
        let slope = (try moved(distance) - (try moved(-distance))) / Double(2 * distance)
        #expect(abs(slope - squares) < 0.02 * squares)
    }

    @Test func threadsDoNotChangeABit() throws {
        let (file, network) = try fixture()
        let input = try file.tensor("input")
        func step(_ threads: Int) throws -> Parameters {
            try network.trainingStep(input, dropoutSeed: 1, by: Execution(pool: ComputePool(threads: threads))) { _ in 0 }.gradients
        }
        let (one, two) = (try step(1), try step(2))
        for name in one.names { #expect(one[name].values == two[name].values, "gradient of \(name)") }
    }

    @Test func theStandardNetworkHasTheKnownParameters() {
        let table = SegResNet.parameterTable(SegResNet.Configuration())
        #expect(table.count == 83)
        #expect(table.reduce(0) { $0 + $1.shape.reduce(1, *) } == 18_796_794)
        #expect(table[0].name == "convInit.conv.weight")
        #expect(table[0].shape == [32, 1, 3, 3, 3])
        #expect(table[82].name == "conv_final.2.conv.bias")
    }

    @Test func freshParametersFollowTheLawAndTheSeed() {
        let configuration = SegResNet.Configuration(initialFilters: 8)
        let network = Network(configuration: .segResNet(configuration), seed: 5)
        let values = network.parameters["down_layers.1.1.conv1.conv.weight"].values
        let bound = 1 / Float(16 * 27).squareRoot()
        #expect(values.allSatisfy { abs($0) <= bound })
        let variance = values.reduce(0) { $0 + $1 * $1 } / Float(values.count)
        #expect(abs(variance / (bound * bound / 3) - 1) < 0.05)
        #expect(Set(network.parameters["down_layers.1.1.norm1.weight"].values) == [1])
        #expect(Set(network.parameters["conv_final.0.bias"].values) == [0])
        #expect(Network(configuration: .segResNet(configuration), seed: 5).parameters["convInit.conv.weight"].values
            == network.parameters["convInit.conv.weight"].values)
        #expect(Network(configuration: .segResNet(configuration), seed: 6).parameters["convInit.conv.weight"].values
            != network.parameters["convInit.conv.weight"].values)
    }

    @Test func wrongParametersAreNamedWithBothShapes() throws {
        let (_, network) = try fixture()
        func failure(_ change: (inout [(String, Tensor)]) -> Void) -> TensorError? {
            var named = network.parameters.named.map { ($0.name, $0.tensor) }
            change(&named)
            return #expect(throws: TensorError.self) {
                try Network(configuration: network.configuration, parameters: Parameters(named: named))
            }
        }
        let missing = failure { $0.removeFirst() }
        #expect(missing?.description == "the parameter convInit.conv.weight of shape [4, 1, 3, 3, 3] is missing")
        let reshaped = failure { $0[0].1 = Tensor(zeros: [8, 1, 3, 3, 3]) }
        #expect(reshaped?.description == "the parameter convInit.conv.weight must have the shape [4, 1, 3, 3, 3], got [8, 1, 3, 3, 3]")
        let extra = failure { $0.append(("vae.weight", Tensor(zeros: [2]))) }
        #expect(extra?.code == .unexpectedTensor)
    }

    @Test func inputsThatDoNotHalveAreRefused() throws {
        let (_, network) = try fixture()
        let error = #expect(throws: TensorError.self) { try network.logits(Tensor(zeros: [1, 1, 8, 6, 4])) }
        #expect(error?.description == "the input must have the shape (N, 1, D, H, W) with D, H and W multiples of 4, got [1, 1, 8, 6, 4]")
    }

    @Test(arguments: [
        (#"{"norm_groups": 5}"#, "norm_groups must divide init_filters (32), got 5"),
        (#"{"blocks_up": [1]}"#, "blocks_up must have one entry fewer than blocks_down (4), got 1"),
        (#"{"dropout_prob": 1}"#, "dropout_prob must be at least 0 and less than 1, got 1.0"),
    ]) func impossibleConfigurationsAreRefused(json: String, reason: String) throws {
        let configuration = try JSONDecoder().decode(SegResNet.Configuration.self, from: Data(json.utf8))
        let error = #expect(throws: TensorError.self) { try configuration.validate() }
        #expect(error?.description == reason)
    }

    @Test func aConfigurationSurvivesJSON() throws {
        let configuration = SegResNet.Configuration(outputChannels: 3, initialFilters: 16, blocksDown: [1, 2], blocksUp: [1], dropout: 0.1)
        let data = try JSONEncoder().encode(configuration)
        #expect(try JSONDecoder().decode(SegResNet.Configuration.self, from: data) == configuration)
        #expect(String(decoding: data, as: UTF8.self).contains("init_filters"))
    }
}
