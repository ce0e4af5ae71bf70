import Faults
import Foundation
import PyTorchFiles
import TensorCore
import TestSupport
import Testing

@Suite struct PyTorchFileTests {
    /// Every file holds what `make_pytorch_files.py` says it holds, bit by bit.
    @Test(arguments: [
        ("types.pt", "types"), ("types-legacy.pt", "types"), ("types-protocol5.pt", "types"), ("views.pt", "views"),
        ("views-legacy.pt", "views"),
        ("segresnet.pt", "segresnet"), ("segresnet-model.pt", "segresnet"),
    ]) func tensorsAreThoseOfPyTorch(file: String, expected: String) throws {
        let expected = try Safetensors.read(Fixtures.url("pytorch/\(expected).safetensors"))
        let state = try StateDictionary(PyTorchFile.read(Fixtures.url("pytorch/\(file)")))
        #expect(Set(state.names) == Set(expected.names))
        for (name, tensor) in try state.tensors() {
            #expect(try tensor.shape == expected.shape(name), "\(name)")
            #expect(try tensor.values.map(\.bitPattern) == expected.tensor(name).values.map(\.bitPattern), "\(name)")
        }
    }

    @Test func oneTensorUnderTwoNamesIsRecognised() throws {
        let state = try StateDictionary(PyTorchFile.read(Fixtures.url("pytorch/views.pt")))
        let references = Dictionary(uniqueKeysWithValues: state.entries)
        #expect(references["base"] == references["same"])
        #expect(references["base"] != references["window"])
    }

    @Test(arguments: [
        ("expanded.pt", PyTorchFileError.Code.malformedTensor, "does not lie in its storage of 1"),
        ("module.pt", .refusedGlobal, "torch.nn.modules.linear.Linear"),
    ]) func whatIsNoStateDictIsRefused(file: String, code: PyTorchFileError.Code, reason: String) {
        let error = #expect(throws: PyTorchFileError.self) { try PyTorchFile.read(Fixtures.url("pytorch/\(file)")) }
        #expect(error?.code == code)
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    /// Names are told in errors, and compared by their endings.
    @Test func longNamesAreRefused() throws {
        func names(_ name: String) throws -> [String] {
            try StateDictionary(PyTorchFile(data: PyTorchFile.serialized([(name, Tensor([1], shape: [1]))]))).names
        }
        let prefixes = String(repeating: "module.", count: 146)
        #expect(try names(prefixes + "w1") == [prefixes + "w1"])
        let error = #expect(throws: PyTorchFileError.self) { try names(prefixes + "w12") }
        #expect(error?.code == .malformedTensor)
        #expect(error?.description.contains("1025 bytes") == true, "\(error?.description ?? "")")
        #expect(throws: PyTorchFileError(.malformedTensor, "")) {
            try names(String(repeating: "module.", count: 20_000))
        }
    }

    @Test func aMissingFileSaysSoWithoutItsPath() {
        let error = #expect(throws: PyTorchFileError.self) {
            try PyTorchFile.read(URL(filePath: "/nonexistent/secret-name.pt"))
        }
        #expect(error?.code == .inputOutput)
        #expect(error?.description.contains("secret-name") == false)
    }

    /// A file that was cut off is refused, wherever that was; and one with a wrong byte anywhere is refused or read,
    /// but never a crash.
    @Test(arguments: [
        "types.pt", "types-legacy.pt", "views.pt", "views-legacy.pt", "segresnet.pt",
        "nnunet-residual/fold_0/checkpoint_final.pth",
    ])
    func noTornFileIsReadAndNoneCrashes(file: String) throws {
        let whole = try Data(contentsOf: Fixtures.url("pytorch/\(file)"))
        func read(_ data: Data) throws { _ = try StateDictionary(PyTorchFile(data: data)).tensors() }
        try read(whole)
        TornFile(whole: whole, seed: 7).expectNoCrash(damages: 2000, read)
    }
}
