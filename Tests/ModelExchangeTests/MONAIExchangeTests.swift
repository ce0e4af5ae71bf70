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
        #expect(plan.network == .segResNet(SegResNet.Configuration(outputChannels: 3, initialFilters: 8, blocksDown: [1, 1], blocksUp: [1])))
        #expect(plan.labelSet == "unnamed-3")
        #expect(imported.source?.format == .monai)
        #expect(imported.source?.remarks.count == 2)
        let expected = try Safetensors.read(Fixtures.url("pytorch/segresnet.safetensors"))
        for name in expected.names { #expect(try imported.model.network.parameters[name].values == expected.tensor(name).values, "\(name)") }
    }

    @Test func outputsOfAKnownNumberAreTakenForItsLabelSet() throws {
        let network = Network(configuration: .segResNet(SegResNet.Configuration(initialFilters: 8, blocksDown: [1], blocksUp: [])), seed: 1)
        let imported = try reading(PyTorchFile.serialized(network.parameters.named))
        #expect(imported.model.plan.labelSet == "spine-25")
        #expect(imported.source?.remarks.last?.contains("spine-25: background, then C1 to sacrum") == true)
    }

    @Test func aPlanThatIsGivenHolds() throws {
        var reader = ModelImport()
        reader.plan = Data(
            #"{"labelSet": "three", "spacingInMillimetres": [1, 1, 2], "patch": [32, 32, 32], "intensities": {"scheme": "window", "lower": -100, "upper": 500}}"#.utf8)
        let plan = try reader.read(file).model.plan
        #expect(plan.intensities == .window(lower: -100, upper: 500))
        #expect(plan.spacingInMillimetres == [1, 1, 2])
        #expect(plan.network.outputChannels == 3)
        // The groups of the norms are in no file of weights: a plan that names the network decides them.
        let named = #"{"labelSet": "three", "network": {"out_channels": 3, "init_filters": 8, "blocks_down": [1, 1], "blocks_up": [1], "norm_groups": 4}}"#
        reader.plan = Data(named.utf8)
        #expect(try reader.read(file).model.plan.network.segResNet?.normalizationGroups == 4)
        reader.plan = Data(named.replacingOccurrences(of: "\"init_filters\": 8", with: "\"init_filters\": 16").utf8)
        let error = #expect(throws: PyTorchFileError.self) { try reader.read(file) }
        #expect(error?.description.contains("convInit.conv.weight has the shape [8, 1, 3, 3, 3]") == true && error?.description.contains("[16, 1, 3, 3, 3]") == true)
    }

    @Test func anImportedModelIsAModelFileAndComesOutAsItWentIn() throws {
        let imported = try ModelImport().read(file)
        let data = try imported.data()
        #expect(try data == ModelImport().read(file).data())
        let model = try ModelFile.model(from: data)
        #expect(model.plan == imported.model.plan)
        #expect(try ModelSource.inModelFile(data) == imported.source)
        let export = ModelExport(plan: model.plan, parameters: model.network.parameters, source: imported.source, name: "spine")
        let again = try StateDictionary(PyTorchFile(data: export.monai())).tensors()
        let original = try StateDictionary(PyTorchFile.read(file)).tensors()
        let originals = Dictionary(uniqueKeysWithValues: original.map { ($0.name, $0.tensor) })
        #expect(again.count == original.count)
        for (name, tensor) in again { #expect(tensor.values == originals[name]?.values && tensor.shape == originals[name]?.shape, "\(name)") }
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
        let error = #expect(throws: ModelExchangeError.self) { try ModelImport().read(Fixtures.url("pytorch/views.pt")) }
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
        #expect(try reader.read(bare).model.network.parameters.named.map(\.tensor.values) == imported.model.network.parameters.named.map(\.tensor.values))
        #expect(throws: PlanError(.invalidPlan, "")) { try reader.read(own) }
        reader.choice.fold = "0"
        #expect(throws: ModelExchangeError(.unsupported, "")) { try reader.read(bare) }
    }

    private func reading(_ data: Data) throws -> ImportedModel {
        let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).pt")
        defer { try? FileManager.default.removeItem(at: url) }
        try data.write(to: url)
        return try ModelImport().read(url)
    }
}
