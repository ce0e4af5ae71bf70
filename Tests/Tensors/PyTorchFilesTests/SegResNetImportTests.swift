import Faults
import Foundation
import Networks
import PyTorchFiles
import TensorCore
import TestSupport
import Testing

@Suite struct SegResNetImportTests {
    private let small = SegResNet.Configuration(
        outputChannels: 3, initialFilters: 8, blocksDown: [1, 1], blocksUp: [1])

    @Test(arguments: ["segresnet.pt", "segresnet-model.pt", "segresnet-prefixed.pt"])
    func theNetworkFollowsFromNamesAndShapes(file: String) throws {
        var state = try StateDictionary(PyTorchFile.read(Fixtures.url("pytorch/\(file)")), anchor: SegResNet.anchor)
        try state.unwrap(anchor: SegResNet.anchor)
        let (configuration, parameters, _) = try SegResNet.network(in: state)
        #expect(configuration == small)
        let expected = try Safetensors.read(Fixtures.url("pytorch/segresnet.safetensors"))
        #expect(parameters.names == small.parameterTable.map(\.name))
        for name in parameters.names { #expect(try parameters[name].values == expected.tensor(name).values, "\(name)") }
    }

    /// Depth, width and block counts of many kinds come back from what is written.
    @Test(arguments: [
        SegResNet.Configuration(outputChannels: 2, initialFilters: 8, blocksDown: [1], blocksUp: []),
        SegResNet.Configuration(
            inputChannels: 2, outputChannels: 5, initialFilters: 16, blocksDown: [2, 0, 3], blocksUp: [0, 2]),
        SegResNet.Configuration(outputChannels: 26, initialFilters: 8),
    ]) func whatIsExportedIsImportedAgain(configuration: SegResNet.Configuration) throws {
        let network = Network(configuration: .segResNet(configuration), seed: 3)
        let data = try PyTorchFile.serialized(network.parameters.named)
        #expect(try data == PyTorchFile.serialized(network.parameters.named))
        let (found, parameters, _) = try SegResNet.network(in: StateDictionary(PyTorchFile(data: data)))
        #expect(found == configuration)
        #expect(parameters.names == network.parameters.names)
        for name in parameters.names { #expect(parameters[name].values == network.parameters[name].values, "\(name)") }
    }

    @Test func tensorsBeginOnMultiplesOf64Bytes() throws {
        let marker: [Float] = [1.5, -2.25, 1024.125]
        let data = try PyTorchFile.serialized([("a", Tensor([7], shape: [1])), ("b", Tensor(marker, shape: [3]))])
        let place = try #require(data.range(of: marker.withUnsafeBufferPointer { Data(buffer: $0) }))
        #expect(place.lowerBound % 64 == 0)
    }

    /// A network of other names, shapes or values: the tensor and both shapes are named.
    @Test(arguments: [
        ("up_layers.0.0.norm1.weight", [8], [4], PyTorchFileError.Code.shapeMismatch),
        ("down_layers.1.0.conv.weight", [16, 8, 3, 3, 3], [16, 8, 1, 3, 3], .shapeMismatch),
        ("conv_final.2.conv.bias", [3], [], .missingTensor),
        ("convInit.conv.weight", [8, 1, 3, 3, 3], [8, 1, 3, 3], .shapeMismatch),
    ]) func mismatchesNameTheTensorAndBothShapes(name: String, needed: [Int], given: [Int], code: PyTorchFileError.Code)
        throws
    {
        var tensors = Network(configuration: .segResNet(small), seed: 1).parameters.named
        let index = try #require(tensors.firstIndex { $0.name == name })
        if given.isEmpty { tensors.remove(at: index) } else { tensors[index].tensor = Tensor(zeros: given) }
        let error = #expect(throws: PyTorchFileError.self) {
            try SegResNet.network(in: StateDictionary(PyTorchFile(data: PyTorchFile.serialized(tensors))))
        }
        #expect(error?.code == code)
        #expect(error?.description.contains(name) == true)
        if !given.isEmpty { #expect(error?.description.contains("\(given)") == true) }
        if name != "convInit.conv.weight" {
            #expect(error?.description.contains("\(needed)") == true, "\(error?.description ?? "")")
        }
    }

    @Test func aTensorOfAnotherNetworkAndOneThatIsNotANumberAreNamed() throws {
        var tensors = Network(configuration: .segResNet(small), seed: 1).parameters.named
        let extra = tensors + [(name: "vae_fc.weight", tensor: Tensor(zeros: [2, 2]))]
        let error = #expect(throws: PyTorchFileError.self) {
            try SegResNet.network(in: StateDictionary(PyTorchFile(data: PyTorchFile.serialized(extra))))
        }
        #expect(error?.description.contains("vae_fc.weight of shape [2, 2]") == true)
        tensors[4].tensor[2] = .nan
        let name = tensors[4].name
        let notFinite = #expect(throws: PyTorchFileError.self) {
            try SegResNet.network(in: StateDictionary(PyTorchFile(data: PyTorchFile.serialized(tensors))))
        }
        #expect(
            notFinite?.description.contains("\(name) of shape") == true
                && notFinite?.description.contains("1 values") == true)
    }
}
