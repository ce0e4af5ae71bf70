import Faults
import Foundation
import Networks
import TensorCore
import TestSupport
import Testing

@Suite struct NetworkConfigurationTests {
    /// nnU-Net's networks for 1.5 mm and 27 classes, whose sizes are known from PyTorch.
    static let features = [32, 64, 128, 256, 320, 320]
    static let kernels = [[Int]](repeating: [3, 3, 3], count: 6)
    static let strides = [[1, 1, 1]] + [[Int]](repeating: [2, 2, 2], count: 5)
    static let plain = UNetConfiguration(
        inputChannels: 1, features: features, kernels: kernels, strides: strides, classes: 27,
        repeats: [2, 2, 2, 2, 2, 2], convolutionsPerStageDecoder: [2, 2, 2, 2, 2])
    static let residual = UNetConfiguration(
        inputChannels: 1, features: features, kernels: kernels, strides: strides, classes: 27,
        repeats: [1, 3, 4, 6, 6, 6],
        convolutionsPerStageDecoder: [1, 1, 1, 1, 1])

    @Test func standardNetworksHaveTheKnownParameters() {
        func count(_ configuration: NetworkConfiguration) -> Int {
            configuration.parameterTable.reduce(0) { $0 + $1.shape.reduce(1, *) }
        }
        #expect(count(.plainUNet(Self.plain)) == 31_215_719)
        #expect(count(.residualEncoderUNet(Self.residual)) == 102_369_895)
        var fewer = Self.plain
        fewer.classes = 26
        #expect(count(.plainUNet(fewer)) == 31_214_914)
    }

    @Test func standardNetworksHaveTheKnownCost() throws {
        func cost(_ configuration: NetworkConfiguration, _ edge: Int) throws -> Double {
            let zeros = Parameters(named: configuration.parameterTable.map { ($0.name, Tensor(zeros: $0.shape)) })
            let network = try Network(configuration: configuration, parameters: zeros)
            return Double(network.plan(inference: [1, 1, edge, edge, edge]).multiplications) / 1e9
        }
        #expect(try abs(cost(.standard(.segResNet), 96) - 244.98) < 0.005)
        #expect(try abs(cost(.plainUNet(Self.plain), 128) - 478.9) < 0.06)
        #expect(try abs(cost(.residualEncoderUNet(Self.residual), 128) - 719.1) < 0.06)
    }

    @Test func inputsThatDoNotFitAreRefused() {
        let configuration = NetworkConfiguration.plainUNet(Self.plain)
        func reason(_ shape: [Int]) -> String {
            #expect(throws: TensorError.self) { try configuration.requireInput(shape: shape) }?.description ?? ""
        }
        #expect(reason([1, 1, 64, 64, 48]).contains("multiples of 32, got [1, 1, 64, 64, 48]"))
        #expect(reason([1, 1, 0, 64, 64]).contains("got [1, 1, 0, 64, 64]"))
        #expect(reason([1, 2, 64, 64, 64]).contains("(N, 1, D, H, W)"))
        #expect(reason([1, 1, 32, 32, 32]).contains("single voxel"))
        #expect(throws: Never.self) { try configuration.requireInput(shape: [2, 1, 32, 32, 64]) }
    }

    @Test(arguments: [0, 7, 8, 19]) func aParameterThatIsNotFiniteIsNamed(index: Int) {
        var configuration = SegResNet.Configuration(initialFilters: 8)
        configuration.outputChannels = 20
        var parameters = Network(configuration: .segResNet(configuration), seed: 1).parameters
        parameters["conv_final.2.conv.bias"][index] = index == 7 ? .infinity : .nan
        let error = #expect(throws: TensorError.self) {
            try Network(configuration: .segResNet(configuration), parameters: parameters)
        }
        #expect(error?.code == .notFinite)
        #expect(
            error?.description
                == "the parameter conv_final.2.conv.bias holds \(index == 7 ? "inf" : "nan") at index \(index), expected finite numbers"
        )
    }

    @Test func decoderShapesFollowTheStages() throws {
        let table = Dictionary(
            uniqueKeysWithValues: NetworkConfiguration.plainUNet(Self.plain).parameterTable.map { ($0.name, $0.shape) })
        #expect(table["decoder.transpconvs.1.weight"] == [320, 256, 2, 2, 2])
        #expect(table["decoder.stages.1.convs.0.conv.weight"] == [256, 512, 3, 3, 3])
        #expect(table["decoder.seg_layers.4.weight"] == [27, 32, 1, 1, 1])
        let encoder = Dictionary(
            uniqueKeysWithValues: NetworkConfiguration.residualEncoderUNet(Self.residual).parameterTable.map {
                ($0.name, $0.shape)
            })
        #expect(encoder["encoder.stem.convs.0.conv.weight"] == [32, 1, 3, 3, 3])
        #expect(encoder["encoder.stages.1.blocks.0.skip.1.conv.weight"] == [64, 32, 1, 1, 1])
        #expect(encoder["encoder.stages.1.blocks.0.skip.1.conv.bias"] == nil)
        // 320 → 320 channels: the skip is the average pool alone.
        #expect(encoder.keys.contains { $0.hasPrefix("encoder.stages.5.blocks.0.skip") } == false)
    }

    @Test(.enabled(if: Fixtures.golden("nnunet") != nil), arguments: ["isotropic", "anisotropic"])
    func goldenWeightsFitTheirConfiguration(name: String) throws {
        let json = try Data(contentsOf: try #require(Fixtures.golden("nnunet/\(name).json")))
        let configuration = try NetworkConfiguration(json: json, architecture: .plainUNet)
        let file = try Safetensors.read(try #require(Fixtures.golden("nnunet/\(name)_weights.safetensors")))
        let parameters = try Parameters(named: file.names.map { ($0, try file.tensor($0)) })
        let network = try Network(configuration: configuration, parameters: parameters)
        #expect(network.parameters.names == configuration.parameterTable.map(\.name))
        #expect(network.parameters.parameterCount == (name == "isotropic" ? 1_952_916 : 88_184))
        #expect(configuration.spatialDivisors == (name == "isotropic" ? [32, 32, 32] : [4, 8, 8]))
    }

    @Test(arguments: [
        "plain_unet_isotropic", "plain_unet_anisotropic", "residual_unet_isotropic", "residual_unet_anisotropic",
    ])
    func parametersStandInPyTorchsOrder(name: String) throws {
        let file = try Safetensors.read(Fixtures.url("networks/\(name).safetensors"))
        let configuration = try NetworkConfiguration(json: Data(try #require(file.metadata["network"]).utf8))
        let names = try JSONDecoder().decode([String].self, from: Data(try #require(file.metadata["names"]).utf8))
        #expect(configuration.parameterTable.map(\.name) == names)
        for (name, shape) in configuration.parameterTable {
            let found = try file.shape("weights." + name)
            #expect(found == shape, "\(name)")
        }
    }

    @Test func freshParametersFollowNNUNetsLaw() {
        var configuration = Self.residual
        configuration.features = [8, 16, 32, 32, 32, 32]
        let network = Network(configuration: .residualEncoderUNet(configuration), seed: 5)
        let values = network.parameters["encoder.stages.2.blocks.1.conv1.conv.weight"].values
        let variance = values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)
        #expect(abs(variance / (2 / 1.0001 / Double(32 * 27)) - 1) < 0.05)
        #expect(abs(values.reduce(0) { $0 + Double($1) } / Double(values.count)) < 0.002)
        let transposed = network.parameters["decoder.transpconvs.2.weight"].values
        let spread = transposed.reduce(0) { $0 + Double($1) * Double($1) } / Double(transposed.count)
        #expect(abs(spread / (2 / 1.0001 / Double(32 * 8)) - 1) < 0.05)
        #expect(Set(network.parameters["encoder.stages.2.blocks.1.conv1.norm.weight"].values) == [1])
        #expect(Set(network.parameters["encoder.stages.2.blocks.1.conv2.norm.weight"].values) == [0])
        #expect(Set(network.parameters["encoder.stages.1.blocks.0.skip.1.norm.weight"].values) == [1])
        #expect(Set(network.parameters["decoder.seg_layers.0.bias"].values) == [0])
        #expect(
            Network(configuration: .residualEncoderUNet(configuration), seed: 5).parameters[
                "decoder.transpconvs.2.weight"
            ].values == transposed)
        #expect(
            Network(configuration: .residualEncoderUNet(configuration), seed: 6).parameters[
                "decoder.transpconvs.2.weight"
            ].values != transposed)
    }

    @Test(arguments: [
        NetworkConfiguration.plainUNet(plain), .residualEncoderUNet(residual),
        .segResNet(SegResNet.Configuration(initialFilters: 16)),
    ])
    func survivesJSON(configuration: NetworkConfiguration) throws {
        let data = try JSONEncoder().encode(configuration)
        #expect(try JSONDecoder().decode(NetworkConfiguration.self, from: data) == configuration)
        #expect(try NetworkConfiguration(json: data) == configuration)
        #expect(try NetworkConfiguration(json: data, architecture: configuration.architecture) == configuration)
    }

    @Test func aSegResNetIsWrittenAsBefore() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let configuration = SegResNet.Configuration()
        #expect(try encoder.encode(NetworkConfiguration.segResNet(configuration)) == encoder.encode(configuration))
        #expect(try JSONDecoder().decode(NetworkConfiguration.self, from: Data("{}".utf8)) == .segResNet(configuration))
    }

    @Test func oneNumberStandsForAllStages() throws {
        let json = """
            {"network": {"architecture": "residual-encoder-unet", "input_channels": 1, "features": [8, 16], "kernels": [3, 3], "strides": [1, 2],
            "classes": 2, "blocks_per_stage": 2, "convolutions_per_stage_decoder": 1, "block": "in words"}, "what": "a description"}
            """
        let expected = UNetConfiguration(
            inputChannels: 1, features: [8, 16], kernels: [[3, 3, 3], [3, 3, 3]], strides: [[1, 1, 1], [2, 2, 2]],
            classes: 2,
            repeats: [2, 2], convolutionsPerStageDecoder: [1])
        #expect(try NetworkConfiguration(json: Data(json.utf8)) == .residualEncoderUNet(expected))
    }

    private static let small =
        #"{"input_channels": 1, "features": [8, 16], "kernels": [3, 3], "strides": [1, 2], "classes": 2, "#
        + #""convolutions_per_stage": 2, "convolutions_per_stage_decoder": 1"#

    @Test(arguments: [
        ("[1]", "one JSON object"), (#"{"network": 5}"#, "must hold an object"),
        (
            #"{"architecture": "vnet"}"#,
            "architecture must be segresnet, plain-unet or residual-encoder-unet, got \"vnet\""
        ),
        (small + "}", "does not say which architecture"),
        (#"{"architecture": "segresnet", "features": [8]}"#, "a segresnet has no key \"features\""),
        (small + #", "architecture": "residual-encoder-unet"}"#, "has no key \"convolutions_per_stage\""),
        (#"{"architecture": "plain-unet", "features": [8, 16]}"#, "the key input_channels is missing"),
        (
            small.replacingOccurrences(of: #""classes": 2"#, with: #""classes": "2""#)
                + #", "architecture": "plain-unet"}"#, "classes must be a whole number"
        ),
        (
            small.replacingOccurrences(of: "[1, 2]", with: "[1, 9]") + #", "architecture": "plain-unet"}"#,
            "strides must have three numbers from 1 to 4"
        ),
        (
            small.replacingOccurrences(of: "[1, 2]", with: "[2, 2]") + #", "architecture": "plain-unet"}"#,
            "first stage's strides must be [1, 1, 1]"
        ),
        (
            small.replacingOccurrences(of: "[3, 3]", with: "[3, 2]") + #", "architecture": "plain-unet"}"#,
            "three odd edges from 1 to 7"
        ),
        (
            small.replacingOccurrences(of: "[8, 16]", with: "[4096, 4096]") + #", "architecture": "plain-unet"}"#,
            "would have 2399326210 parameters"
        ),
        (#"{"init_filters": 4096}"#, "parameters, at most 1000000000"),
        (
            small.replacingOccurrences(of: "[8, 16]", with: "[8, 0]") + #", "architecture": "plain-unet"}"#,
            "features must be 1 to 4096"
        ),
        (
            small.replacingOccurrences(of: #"stage": 2"#, with: #"stage": [2]"#) + #", "architecture": "plain-unet"}"#,
            "convolutions_per_stage must be 1 to 64"
        ),
    ]) func impossibleConfigurationsAreRefused(json: String, reason: String) {
        let error = #expect(throws: TensorError.self) { try NetworkConfiguration(json: Data(json.utf8)) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "no error")")
    }

    @Test func anotherArchitectureThanNamedIsRefused() throws {
        let json = try JSONEncoder().encode(NetworkConfiguration.plainUNet(Self.plain))
        let error = #expect(throws: TensorError.self) { try NetworkConfiguration(json: json, architecture: .segResNet) }
        #expect(error?.description == "the configuration is for a plain-unet, not for a segresnet")
    }

    @Test func parametersOfAnotherArchitectureAreNamed() throws {
        let segResNet = Network(configuration: .segResNet(SegResNet.Configuration(initialFilters: 8)), seed: 1)
        let error = #expect(throws: TensorError.self) {
            try Network(configuration: .plainUNet(Self.plain), parameters: segResNet.parameters)
        }
        #expect(
            error?.description
                == "the parameter encoder.stages.0.0.convs.0.conv.weight of shape [32, 1, 3, 3, 3] is missing")
    }

    /// Configurations that scripts wrote say in words what norm they had.
    @Test func aNormInWordsIsADescriptionAndOneWordAName() throws {
        func norm(_ text: String) throws -> SegResNet.Norm? {
            try NetworkConfiguration(json: Data("{\"norm\": \"\(text)\", \"init_filters\": 8}".utf8)).segResNet?.norm
        }
        #expect(try norm("group norm, 8 groups") == .group(8) && norm("instance") == .instance)
        #expect(throws: TensorError(.invalidConfiguration, "")) { try norm("instanse") }
    }
}
