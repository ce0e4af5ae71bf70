import Faults
import Foundation
import ModelExchange
import Networks
import Plans
import PyTorchFiles
import TensorCore
import TestSupport
import Testing

@Suite struct MONAIExchangeTests {
    private let file = Fixtures.url("pytorch/segresnet-model.pt")

    @Test func weightsGetThePlanOfMONAILabelAndSaySo() throws {
        let imported = try ModelImport().read(file)
        let plan = imported.model.plan
        #expect(plan.intensities == .monaiLabel)
        #expect(plan.spacingInMillimetres == [1.5, 1.5, 1.5])
        #expect(plan.orientation == "RAS")
        #expect(plan.slidingWindow == WindowPlan())
        #expect(
            plan.network
                == .segResNet(
                    SegResNet.Configuration(outputChannels: 3, initialFilters: 8, blocksDown: [1, 1], blocksUp: [1])))
        #expect(plan.labelSet == "unnamed-3")
        #expect(imported.source?.format == .monai)
        #expect(imported.source?.remarks.count == 4)
        let expected = try Safetensors.read(Fixtures.url("pytorch/segresnet.safetensors"))
        for name in expected.names {
            #expect(try imported.model.network.parameters[name].values == expected.tensor(name).values, "\(name)")
        }
    }

    @Test func outputsOfAKnownNumberAreTakenForItsLabelSet() throws {
        let network = Network(
            configuration: .segResNet(SegResNet.Configuration(initialFilters: 8, blocksDown: [1], blocksUp: [])),
            seed: 1)
        let imported = try reading(PyTorchFile.serialized(network.parameters.named))
        #expect(imported.model.plan.labelSet == "spine-25")
        #expect(imported.source?.remarks.contains { $0.contains("spine-25: background, then C1 to sacrum") } == true)
    }

    @Test func aPlanThatIsGivenHolds() throws {
        var reader = ModelImport()
        reader.plan = Data(
            #"{"labelSet": "three", "spacingInMillimetres": [1, 1, 2], "patch": [32, 32, 32], "intensities": {"scheme": "window", "lower": -100, "upper": 500}}"#
                .utf8)
        let plan = try reader.read(file).model.plan
        #expect(plan.intensities == .window(lower: -100, upper: 500))
        #expect(plan.spacingInMillimetres == [1, 1, 2])
        #expect(plan.network.outputChannels == 3)
        // The groups of the norms are in no file of weights: a plan that names the network decides them.
        let named =
            #"{"labelSet": "three", "network": {"out_channels": 3, "init_filters": 8, "blocks_down": [1, 1], "blocks_up": [1], "norm_groups": 4}}"#
        reader.plan = Data(named.utf8)
        #expect(try reader.read(file).model.plan.network.segResNet?.norm == .group(4))
        reader.plan = Data(named.replacingOccurrences(of: "\"init_filters\": 8", with: "\"init_filters\": 16").utf8)
        let error = #expect(throws: PyTorchFileError.self) { try reader.read(file) }
        #expect(
            error?.description.contains("convInit.conv.weight has the shape [8, 1, 3, 3, 3]") == true
                && error?.description.contains("[16, 1, 3, 3, 3]") == true)
    }

    @Test(arguments: ["", "{", "[]"]) func aPlanThatIsNoneIsRefusedAsOne(json: String) throws {
        var reader = ModelImport()
        reader.plan = Data(json.utf8)
        #expect(throws: PlanError(.unreadablePlan, "")) { try reader.read(file) }
    }

    @Test func anImportedModelIsAModelFileAndComesOutAsItWentIn() throws {
        let imported = try ModelImport().read(file)
        let data = try imported.data()
        #expect(try data == ModelImport().read(file).data())
        let model = try ModelFile.model(from: data)
        #expect(model.plan == imported.model.plan)
        #expect(try ModelSource.inModelFile(data) == imported.source)
        let export = ModelExport(
            plan: model.plan, parameters: model.network.parameters, source: imported.source, name: "spine")
        let again = try StateDictionary(PyTorchFile(data: export.monai())).tensors()
        let original = try StateDictionary(PyTorchFile.read(file)).tensors()
        let originals = Dictionary(uniqueKeysWithValues: original.map { ($0.name, $0.tensor) })
        #expect(again.count == original.count)
        for (name, tensor) in again {
            #expect(tensor.values == originals[name]?.values && tensor.shape == originals[name]?.shape, "\(name)")
        }
        #expect(throws: ModelExchangeError(.unsupported, "")) { try export.nnUNet() }
    }

    @Test func whatIsForNNUNetIsRefused() {
        var reader = ModelImport()
        reader.choice.fold = "1"
        #expect(throws: ModelExchangeError(.unsupported, "")) { try reader.read(file) }
        reader = ModelImport()
        reader.format = .nnUNet
        #expect(throws: ModelExchangeError(.unknownFormat, "")) { try reader.read(file) }
    }

    @Test func otherWeightsAreNamed() throws {
        let error = #expect(throws: ModelExchangeError.self) {
            try ModelImport().read(Fixtures.url("pytorch/views.pt"))
        }
        #expect(error?.description.contains("base, transposed, stepped") == true)
    }

    @Test func safetensorsComeWithTheirPlanOrAreGivenOne() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let own = folder.appending(path: "own.safetensors")
        let imported = try ModelImport().read(file)
        try imported.data().write(to: own)
        let again = try ModelImport().read(own)
        #expect(try again.data() == imported.data())
        #expect(again.source == imported.source)

        let bare = Fixtures.url("pytorch/segresnet.safetensors")
        #expect(throws: PlanError(.unreadableModel, "")) { try ModelImport().read(bare) }
        var reader = ModelImport()
        reader.plan = try imported.model.plan.json()
        #expect(
            try reader.read(bare).model.network.parameters.named.map(\.tensor.values)
                == imported.model.network.parameters.named.map(\.tensor.values))
        #expect(throws: PlanError(.invalidPlan, "")) { try reader.read(own) }
        reader.choice.fold = "0"
        #expect(throws: ModelExchangeError(.unsupported, "")) { try reader.read(bare) }
    }

    private func reading(_ data: Data, as ending: String = "pt", _ reader: ModelImport = ModelImport()) throws
        -> ImportedModel
    {
        let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).\(ending)")
        defer { try? FileManager.default.removeItem(at: url) }
        try data.write(to: url)
        return try reader.read(url)
    }

    // MARK: What weights do not tell

    private func weights(_ configuration: SegResNet.Configuration) throws -> Data {
        try PyTorchFile.serialized(Network(configuration: .segResNet(configuration), seed: 4).parameters.named)
    }

    private func configuration(
        _ norm: SegResNet.Norm, hasWeights: Bool = true, _ activation: SegResNet.Activation = .relu
    ) -> SegResNet.Configuration {
        SegResNet.Configuration(
            outputChannels: 3, initialFilters: 8, blocksDown: [1, 1], blocksUp: [1], norm: norm,
            normsHaveWeights: hasWeights, activation: activation)
    }

    /// Project-MONAI/MONAI: `SegResNet(norm=("GROUP", {"num_groups": 4}))` has the same weights as one of 8 groups.
    @Test func assumedNormsAndActivationsAreSaidAndCanBeNamed() throws {
        let file = try weights(configuration(.group(4), .leakyReLU(slope: 0.2)))
        let assumed = try reading(file)
        #expect(assumed.model.plan.network == .segResNet(configuration(.group(8))))
        #expect(
            assumed.source?.remarks.contains { $0.contains("group norms of 8 groups") && $0.contains("--norm") } == true
        )
        #expect(assumed.source?.remarks.contains { $0.contains("relu") && $0.contains("--activation") } == true)
        for (norm, activation) in [("group:4", "leakyrelu:0.2"), ("INSTANCE", "relu")] {
            var reader = ModelImport()
            reader.choices = try SegResNet.Choices(
                norm: .init(text: norm, option: "--norm"), activation: .init(text: activation, option: "--activation"))
            let named = try reading(file, reader)
            let expected =
                norm == "group:4" ? configuration(.group(4), .leakyReLU(slope: 0.2)) : configuration(.instance)
            #expect(named.model.plan.network == .segResNet(expected))
            #expect(named.source?.remarks.contains { $0.contains("--norm") || $0.contains("--activation") } == false)
            #expect(try Plan(json: named.model.plan.json()) == named.model.plan)
        }
        var wrong = ModelImport()
        wrong.choices.norm = .batch
        #expect(throws: PyTorchFileError(.unsupported, "")) { try reading(file, wrong) }
        wrong.choices = SegResNet.Choices(activation: .parametricReLU)
        #expect(throws: PyTorchFileError(.unsupported, "")) { try reading(file, wrong) }
    }

    /// Project-MONAI/MONAI: `norm="INSTANCE"` is without weights unless told otherwise.
    @Test func normsWithoutWeightsAreAskedFor() throws {
        let file = try weights(configuration(.instance, hasWeights: false))
        let error = #expect(throws: PyTorchFileError.self) { try reading(file) }
        #expect(error?.code == .undecided)
        #expect(
            error?.description.contains("norms have no weights") == true
                && error?.description.contains("--norm") == true)
        var reader = ModelImport()
        reader.choices.norm = .instance
        #expect(try reading(file, reader).model.plan.network == .segResNet(configuration(.instance, hasWeights: false)))
        let odd = SegResNet.Configuration(
            outputChannels: 3, initialFilters: 6, blocksDown: [1], blocksUp: [], norm: .group(3))
        #expect(throws: PyTorchFileError(.undecided, "")) { try reading(weights(odd)) }
    }

    @Test func batchNormsAndLearntSlopesAreToldByTheFile() throws {
        let expected = configuration(.batch, .parametricReLU)
        let named = Network(configuration: .segResNet(expected), seed: 2).parameters.named
        // MONAI's file counts batches, and has the head's slope under two names.
        let counters = named.filter { $0.name.hasSuffix(".running_mean") }.map { name, _ in
            (name.replacingOccurrences(of: "running_mean", with: "num_batches_tracked"), Tensor([7], shape: []))
        }
        let slope = try #require(named.first { $0.name == "act_mod.weight" })
        let imported = try reading(PyTorchFile.serialized(named + counters + [("conv_final.1.weight", slope.tensor)]))
        #expect(imported.model.plan.network == .segResNet(expected))
        #expect(imported.source?.remarks.contains { $0.contains("--norm") || $0.contains("--activation") } == false)
        let export = ModelExport(
            plan: imported.model.plan, parameters: imported.model.network.parameters, source: nil, name: "spine")
        #expect(
            try reading(export.monai()).model.network.parameters.named.map(\.tensor.values)
                == imported.model.network.parameters.named.map(\.tensor.values))
    }

    @Test func namedLayersAreForWeightsAlone() throws {
        var reader = ModelImport()
        reader.choices.norm = .instance
        #expect(throws: ModelExchangeError(.unsupported, "")) {
            try reader.read(Fixtures.url("pytorch/nnunet-residual"))
        }
        reader.plan = Data(
            #"{"labelSet": "three", "network": {"out_channels": 3, "init_filters": 8, "blocks_down": [1, 1], "blocks_up": [1]}}"#
                .utf8)
        #expect(throws: ModelExchangeError(.unsupported, "")) { try reader.read(file) }
        #expect(throws: TensorError(.invalidConfiguration, "")) {
            try SegResNet.Norm(text: "group:x", option: "--norm")
        }
    }

    @Test func aLayerThatIsNotKnownIsRefusedByTheNameOfItsOption() {
        let norm = #expect(throws: TensorError.self) { try SegResNet.Norm(text: "layer", option: "--norm") }
        #expect(norm?.description == #"--norm must be group, instance or batch, got "layer""#)
        let activation = #expect(throws: TensorError.self) {
            try SegResNet.Activation(text: "swish", option: "--activation")
        }
        #expect(
            activation?.description == #"--activation must be relu, leakyrelu or prelu (of one parameter), got "swish""#
        )
    }

    /// Checkpoints for model hubs keep the names of DistributedDataParallel.
    @Test(arguments: ["module.", "_orig_mod.model.", "student."]) func prefixesAreTakenOffInSafetensorsToo(
        prefix: String
    ) throws {
        let network = Network(configuration: .segResNet(configuration(.group(8))), seed: 6)
        let named =
            network.parameters.named.map { (prefix + $0.name, $0.tensor) } + [("n_averaged", Tensor([3], shape: []))]
        var reader = ModelImport()
        var plan = Plan()
        (plan.labelSet, plan.network) = ("three", network.configuration)
        reader.plan = try plan.json()
        let imported = try reading(Safetensors.serialized(named, metadata: [:]), as: "safetensors", reader)
        #expect(
            imported.model.network.parameters.named.map(\.tensor.values)
                == network.parameters.named.map(\.tensor.values))
    }

    @Test(arguments: ["pt", "safetensors"]) func whatAPlanLeavesOpenIsSaidInEitherFormat(ending: String) throws {
        let named = Network(configuration: .segResNet(configuration(.group(8))), seed: 6).parameters.named.map {
            ($0.name, $0.tensor)
        }
        let data = try ending == "pt" ? PyTorchFile.serialized(named) : Safetensors.serialized(named, metadata: [:])
        var reader = ModelImport()
        reader.plan = Data(#"{"labelSet": "three"}"#.utf8)
        let inferred = try reading(data, as: ending, reader)
        #expect(inferred.model.plan.network == .segResNet(configuration(.group(8))))
        #expect(
            inferred.source?.remarks.contains { $0.contains("group norms of 8 groups") && $0.contains("--norm") }
                == true)

        let network =
            #"{"labelSet": "three", "network": {"out_channels": 3, "init_filters": 8, "blocks_down": [1, 1], "blocks_up": [1]}}"#
        reader.plan = Data(network.utf8)
        #expect(
            try reading(data, as: ending, reader).source?.remarks.contains { $0.contains("group norms of 8 groups") }
                == true)
        reader.plan = Data(
            network.replacingOccurrences(of: "[1]}", with: #"[1], "norm_groups": 4, "act": "relu"}"#).utf8)
        #expect(try reading(data, as: ending, reader).source?.remarks == [])
    }

    /// PyTorch's batch norms count their batches.
    @Test func countersInSafetensorsAreNoWeights() throws {
        let network = Network(configuration: .segResNet(configuration(.batch)), seed: 6)
        let counters = network.parameters.named.map(\.name).filter { $0.hasSuffix(".running_mean") }.map {
            ($0.replacingOccurrences(of: "running_mean", with: "num_batches_tracked"), Tensor([7], shape: []))
        }
        #expect(!counters.isEmpty)
        var reader = ModelImport()
        var plan = Plan()
        (plan.labelSet, plan.network) = ("three", network.configuration)
        reader.plan = try plan.json()
        let imported = try reading(
            Safetensors.serialized(network.parameters.named.map { ($0.name, $0.tensor) } + counters, metadata: [:]),
            as: "safetensors", reader)
        #expect(
            imported.model.network.parameters.named.map(\.tensor.values)
                == network.parameters.named.map(\.tensor.values))
    }

    private func reading(_ data: Data, _ reader: ModelImport) throws -> ImportedModel {
        try reading(data, as: "pt", reader)
    }
}
