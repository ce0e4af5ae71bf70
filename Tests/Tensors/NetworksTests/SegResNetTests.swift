import Faults
import Foundation
import Networks
import TensorCore
import TestSupport
import Testing
import Threads

@Suite struct SegResNetTests {
    /// A small network by MONAI with its logits and gradients in float64; the file's metadata say how it was made.
    private func fixture() throws -> (file: Safetensors, network: Network) {
        let file = try Safetensors.read(Fixtures.url("networks/segresnet_small.safetensors"))
        let json = try #require(file.metadata["network"])
        let configuration = try JSONDecoder().decode(SegResNet.Configuration.self, from: Data(json.utf8))
        let named = try configuration.parameterTable.map { ($0.name, try file.tensor("weights." + $0.name)) }
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
            #expect(
                Comparison.error(gradients[name], try file.tensor("gradients." + name)) < 1e-3, "gradient of \(name)")
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
            try network.trainingStep(input, dropoutSeed: 1, by: Execution(pool: ComputePool(threads: threads))) { _ in 0
            }.gradients
        }
        let (one, two) = (try step(1), try step(2))
        for name in one.names { #expect(one[name].values == two[name].values, "gradient of \(name)") }
    }

    @Test func theStandardNetworkHasTheKnownParameters() {
        let table = SegResNet.Configuration().parameterTable
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
        #expect(
            Network(configuration: .segResNet(configuration), seed: 5).parameters["convInit.conv.weight"].values
                == network.parameters["convInit.conv.weight"].values)
        #expect(
            Network(configuration: .segResNet(configuration), seed: 6).parameters["convInit.conv.weight"].values
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
        #expect(
            reshaped?.description
                == "the parameter convInit.conv.weight must have the shape [4, 1, 3, 3, 3], got [8, 1, 3, 3, 3]")
        let extra = failure { $0.append(("vae.weight", Tensor(zeros: [2]))) }
        #expect(extra?.code == .unexpectedTensor)
    }

    @Test func inputsThatDoNotHalveAreRefused() throws {
        let (_, network) = try fixture()
        let error = #expect(throws: TensorError.self) { try network.logits(Tensor(zeros: [1, 1, 8, 6, 4])) }
        #expect(
            error?.description
                == "the input must have the shape (N, 1, D, H, W) with D, H and W multiples of 4, got [1, 1, 8, 6, 4]")
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
        let configuration = SegResNet.Configuration(
            outputChannels: 3, initialFilters: 16, blocksDown: [1, 2], blocksUp: [1], dropout: 0.1)
        let data = try JSONEncoder().encode(configuration)
        #expect(try JSONDecoder().decode(SegResNet.Configuration.self, from: data) == configuration)
        #expect(String(decoding: data, as: UTF8.self).contains("init_filters"))
    }

    // MARK: Norms and activations

    /// One voxel and no blocks: the network is a convolution's centre, a norm, an activation and a head, which can be
    /// computed by hand.
    @Test(arguments: [(SegResNet.Activation.relu, 0.0), (.leakyReLU(slope: 0.2), 0.2), (.parametricReLU, 0.35)])
    func batchNormsGoByTheirRunningStatistics(activation: SegResNet.Activation, slope: Double) throws {
        let configuration = SegResNet.Configuration(
            outputChannels: 2, initialFilters: 3, blocksDown: [0], blocksUp: [], norm: .batch, activation: activation)
        var network = Network(configuration: .segResNet(configuration), seed: 1)
        let (means, variances): ([Float], [Float]) = ([0.5, -1, 2], [0.25, 4, 1])
        let (weights, biases): ([Float], [Float]) = ([1.5, -0.5, 2], [0.1, 0.2, -0.3])
        for (name, values) in [
            ("running_mean", means), ("running_var", variances), ("weight", weights), ("bias", biases),
        ] {
            network.parameters["conv_final.0." + name] = Tensor(values, shape: [3])
        }
        if activation == .parametricReLU { network.parameters["act_mod.weight"] = Tensor([Float(slope)], shape: [1]) }
        let input = 0.75
        let features = (0..<3).map { channel -> Double in
            let x = input * Double(network.parameters["convInit.conv.weight"][channel * 27 + 13])
            let y =
                (x - Double(means[channel])) / (Double(variances[channel]) + 1e-5).squareRoot()
                * Double(weights[channel]) + Double(biases[channel])
            return y < 0 ? y * slope : y
        }
        let (head, bias) = (
            network.parameters["conv_final.2.conv.weight"], network.parameters["conv_final.2.conv.bias"]
        )
        let logits = try network.logits(
            Tensor([Float(input)], shape: [1, 1, 1, 1, 1]), by: Execution(arithmetic: .exact))
        for label in 0..<2 {
            let expected = (0..<3).reduce(Double(bias[label])) { $0 + features[$1] * Double(head[label * 3 + $1]) }
            #expect(abs(Double(logits[label]) - expected) < 1e-5)
        }
    }

    /// As many groups as channels are instance norm; without weights it is that with weights 1 and biases 0.
    @Test func instanceNormsAreGroupsOfOneChannel() throws {
        func configuration(_ norm: SegResNet.Norm, _ hasWeights: Bool = true) -> NetworkConfiguration {
            .segResNet(
                SegResNet.Configuration(
                    outputChannels: 2, initialFilters: 8, blocksDown: [1], blocksUp: [], norm: norm,
                    normsHaveWeights: hasWeights))
        }
        let groups = Network(configuration: configuration(.group(8)), seed: 3)
        let input = Tensor((0..<64).map { Float(($0 * 37) % 50) / 20 - 1 }, shape: [1, 1, 4, 4, 4])
        let expected = try groups.logits(input).values
        #expect(
            try Network(configuration: configuration(.instance), parameters: groups.parameters).logits(input).values
                == expected)
        let bare = Parameters(
            named: groups.parameters.named.filter { !$0.name.contains("norm") && !$0.name.hasPrefix("conv_final.0") }
                .map { ($0.name, $0.tensor) })
        #expect(
            try Network(configuration: configuration(.instance, false), parameters: bare).logits(input).values
                == expected)
        #expect(throws: TensorError(.shapeMismatch, "")) {
            try Network(configuration: configuration(.instance), parameters: groups.parameters).logits(
                Tensor([1], shape: [1, 1, 1, 1, 1]))
        }
    }

    @Test func gradientsOfInstanceNormsWithoutWeightsAndLeakyActivationsFollowTheLoss() throws {
        let configuration = SegResNet.Configuration(
            outputChannels: 2, initialFilters: 4, blocksDown: [1, 1], blocksUp: [1], norm: .instance,
            normsHaveWeights: false, activation: .leakyReLU(slope: 0.3),
            dropout: 0)
        let network = Network(configuration: .segResNet(configuration), seed: 8)
        let input = Tensor((0..<512).map { Float(($0 * 97) % 101) / 50 - 1 }, shape: [1, 1, 8, 8, 8])
        let labels = (0..<512).map { UInt8($0 / 100 % 2) }
        func step(_ network: Network) throws -> (loss: Double, gradients: Parameters) {
            try network.trainingStep(input, dropoutSeed: nil) { diceCrossEntropy(&$0, labels: labels) }
        }
        let gradients = try step(network).gradients
        #expect(gradients.names == network.parameters.names)
        for name in ["convInit.conv.weight", "down_layers.1.1.conv1.conv.weight"] {
            let squares = gradients[name].values.reduce(0.0) { $0 + Double($1) * Double($1) }
            func moved(_ distance: Float) throws -> Double {
                var other = network
                let values = zip(network.parameters[name].values, gradients[name].values).map { $0 + distance * $1 }
                other.parameters[name] = Tensor(values, shape: network.parameters[name].shape)
                return try step(other).loss
            }
            let distance: Float = 0.01
            let slope = (try moved(distance) - (try moved(-distance))) / Double(2 * distance)
            #expect(abs(slope - squares) < 0.03 * squares, "\(name)")
        }
    }

    @Test(arguments: [
        (SegResNet.Norm.batch, SegResNet.Activation.relu, "batch norm"), (.group(8), .parametricReLU, "prelu"),
    ])
    func whatCannotBeTrainedIsRefused(norm: SegResNet.Norm, activation: SegResNet.Activation, reason: String) throws {
        let network = Network(
            configuration: .segResNet(
                SegResNet.Configuration(
                    outputChannels: 2, initialFilters: 8, blocksDown: [1], blocksUp: [], norm: norm,
                    activation: activation)),
            seed: 1)
        let error = #expect(throws: TensorError.self) {
            try network.trainingStep(Tensor(zeros: [1, 1, 4, 4, 4]), dropoutSeed: nil) { _ in 0 }
        }
        #expect(error?.description.contains(reason) == true)
    }
}
