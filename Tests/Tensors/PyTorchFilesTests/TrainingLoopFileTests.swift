import Faults
import Foundation
import Networks
import PyTorchFiles
import TensorCore
import TestSupport
import Testing

/// Files as training loops leave them: weights among other things, under the names of wrappers.
@Suite struct TrainingLoopFileTests {
    private let anchor = SegResNet.anchor

    private func names(_ object: [UInt8]) throws -> [String] {
        var state = try StateDictionary(PickleBytes.file(object), anchor: anchor)
        try state.unwrap(anchor: anchor)
        return state.names
    }

    private func weights(_ prefix: String = "") -> [(String, [UInt8])] {
        [(prefix + anchor, PickleBytes.tensor()), (prefix + "conv_final.2.conv.bias", PickleBytes.tensor())]
    }

    private var own: [String] { [anchor, "conv_final.2.conv.bias"] }

    private static let sevens = [UInt8](repeating: 0x7F, count: 300)
    private static let longNumbers: [[UInt8]] = [
        [0x8A, 9, 1, 2, 3, 4, 5, 6, 7, 0x88, 0], [0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF],
        [0x8A, 255] + sevens.prefix(255), [0x8B, 44, 1, 0, 0] + sevens,
        [0x8A, 0],
    ]

    /// `torch.initial_seed()` is a number of 64 bits without sign.
    @Test(arguments: longNumbers) func wholeNumbersHaveAnyLength(number: [UInt8]) throws {
        #expect(
            try names(PickleBytes.dictionary([("seed", number), ("model", PickleBytes.dictionary(weights()))])) == own)
    }

    private static let fittingNumbers: [([UInt8], Int)] = [
        ([0x8A, 9, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0], Int.max), ([0x8A, 3, 0xFF, 0xFF, 0xFF], -1),
        ([0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0x80, 0xFF], Int.min), ([0x8A, 1, 0x80], -128), ([0x8A, 2, 0x80, 0], 128),
    ]

    @Test(arguments: fittingNumbers) func longNumbersThatFitKeepTheirValue(number: [UInt8], value: Int) throws {
        let file = try PickleBytes.file(PickleBytes.dictionary([("list", PickleBytes.list([number]))]))
        #expect(file.graph.integers(file.graph.value("list", of: file.graph.root)) == [value])
    }

    /// Project-MONAI/tutorials: `{epoch, best_acc, state_dict}`, the score a tensor.
    @Test(arguments: ["state_dict", "model", "my_network"]) func aTensorBesideTheWeightsIsNoneOfThem(key: String) throws
    {
        let object = PickleBytes.dictionary([
            ("best_acc", PickleBytes.tensor()), ("epoch", PickleBytes.integer(3)),
            (key, PickleBytes.dictionary(weights())),
        ])
        #expect(try names(object) == own)
        let deeper = PickleBytes.dictionary([("model", PickleBytes.dictionary(weights()))])
        #expect(try names(PickleBytes.dictionary([("best", PickleBytes.tensor()), (key, deeper)])) == own)
    }

    /// torch.optim.swa_utils.AveragedModel, teamtomo/membrain-seg#41, Lightning modules: any prefix is taken off, what
    /// lies beside it is left out.
    @Test(arguments: ["", "module.", "_orig_mod.", "_model.", "net.", "module._orig_mod.module.", "network.backbone."])
    func prefixesOfWrappersAreTakenOff(prefix: String) throws {
        let beside: [(String, [UInt8])] =
            prefix.isEmpty
            ? [] : [("n_averaged", PickleBytes.tensor()), ("loss_function.dice.class_weight", PickleBytes.tensor())]
        #expect(try names(PickleBytes.dictionary(beside + weights(prefix))) == own)
    }

    @Test func severalNetworksBesideEachOtherAreNotChosenFrom() {
        let error = #expect(throws: PyTorchFileError.self) {
            try names(PickleBytes.dictionary(weights("student.") + weights("teacher.")))
        }
        #expect(error?.code == .unsupported && error?.description.contains("student., teacher.") == true)
    }

    @Test func ofSeveralStateDictsTheKeysAreKept() throws {
        let object = PickleBytes.dictionary([
            ("ema", PickleBytes.dictionary(weights("module."))), ("model", PickleBytes.dictionary(weights())),
        ])
        let state = try StateDictionary(PickleBytes.file(object), anchor: anchor)
        #expect(state.keys == ["model", "ema"] && state.names == own)
    }

    private static let harmless: [[UInt8]] = {
        let counted: [UInt8] = [0x7D, 0x4B, 10, 0x4B, 1, 0x73]
        let pair = PickleBytes.tuple([PickleBytes.text("a"), PickleBytes.integer(1)])
        let parameter = PickleBytes.tuple([PickleBytes.tensor(), [0x88], [0x7D]])
        let subclass: [[UInt8]] = [
            PickleBytes.global("torch._utils", "_rebuild_parameter"), PickleBytes.global("torch", "Tensor"), parameter,
            [0x4E],
        ]
        return [
            PickleBytes.call("collections", "Counter", [counted]), PickleBytes.call("collections", "Counter", []),
            PickleBytes.call("collections", "OrderedDict", [PickleBytes.list([pair])]),
            PickleBytes.call("collections", "defaultdict", [PickleBytes.global("builtins", "int")]),
            PickleBytes.call("pathlib._local", "PosixPath", [PickleBytes.text("data")]),
            PickleBytes.call("builtins", "complex", [PickleBytes.integer(1), PickleBytes.integer(2)]),
            PickleBytes.call("torch.serialization", "_get_layout", [PickleBytes.text("torch.strided")]),
            PickleBytes.global("torch", "complex64"),
            PickleBytes.call("torch._tensor", "_rebuild_from_type_v2", subclass),
        ]
    }()

    /// pytorch/pytorch#98921, #123775: what `torch.load(weights_only=True)` takes is a file of weights, whatever a
    /// training loop keeps in it.
    @Test(arguments: harmless) func whatTorchReadsAsWeightsIsRead(value: [UInt8]) throws {
        #expect(
            try names(
                PickleBytes.dictionary([("scheduler", value), ("state_dict", PickleBytes.dictionary(weights()))]))
                == own)
    }

    @Test func aSubclassOfASubclassIsRefused() throws {
        // Of ever more of them the reader's own calls would have no end.
        let inner = PickleBytes.global("torch._tensor", "_rebuild_from_type_v2")
        let again = PickleBytes.tuple([inner, inner, [0x29]])
        let object = PickleBytes.call("torch._tensor", "_rebuild_from_type_v2", [inner, inner, again])
        #expect(throws: PyTorchFileError(.malformedPickle, "")) { try PickleBytes.file(object) }
    }

    // MARK: Mirroring

    private func axes(_ value: [UInt8]) throws -> [Int] {
        let object = PickleBytes.dictionary([
            ("network_weights", PickleBytes.dictionary([("w", PickleBytes.tensor())])),
            ("init_args", PickleBytes.dictionary([("configuration", PickleBytes.text("3d_fullres"))])),
            ("inference_allowed_mirroring_axes", value),
        ])
        // A storage that no tensor uses has no known size.
        let storages: [[Float]] = value == PickleBytes.tensor(storage: 1, count: 2) ? [[1], [0, 2]] : [[1]]
        return try NNUNetCheckpoint(PickleBytes.file(object, storages: storages)).mirroringAxes
    }

    /// `_reconstruct` and its state, or, since protocol 5, `_frombuffer`.
    private static func array(_ values: [UInt8], _ type: String, _ shape: [Int], byBuffer: Bool = false) -> [UInt8] {
        let type = PickleBytes.call("numpy", "dtype", [PickleBytes.text(type), [0x89], [0x88]])
        let (shape, values) = (PickleBytes.tuple(shape.map(PickleBytes.integer)), PickleBytes.bytes(values))
        if byBuffer {
            return PickleBytes.call("numpy._core.numeric", "_frombuffer", [values, type, shape, PickleBytes.text("C")])
        }
        let arguments = [
            PickleBytes.global("numpy", "ndarray"), PickleBytes.tuple([PickleBytes.integer(0)]),
            PickleBytes.bytes([0x62]),
        ]
        var pickle = PickleBytes.call("numpy.core.multiarray", "_reconstruct", arguments)
        pickle.append(contentsOf: PickleBytes.tuple([PickleBytes.integer(1), shape, type, [0x89], values]))
        pickle.append(0x62)
        return pickle
    }

    private static let twoAxes: [[UInt8]] = [
        PickleBytes.tuple([PickleBytes.integer(0), PickleBytes.integer(2)]),
        PickleBytes.list([PickleBytes.integer(0), PickleBytes.integer(2)]),
        array([0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0], "i8", [2]), array([0, 2], "u1", [2]),
        array([0, 0, 0, 0, 2, 0, 0, 0], "i4", [2], byBuffer: true), PickleBytes.tensor(storage: 1, count: 2),
    ]

    /// A checkpoint's axes as a tuple, a list, an array or a tensor mean the same: none of them may pass for no
    /// mirroring.
    @Test(arguments: twoAxes) func mirroringAxesAreReadWhateverHoldsThem(value: [UInt8]) throws {
        #expect(try axes(value) == [0, 2])
    }

    @Test func noMirroringIsNoMirroring() throws {
        #expect(try axes([0x4E]) == [] && axes([0x29]) == [] && axes(Self.array([], "i8", [0])) == [])
    }

    private static let noAxes: [[UInt8]] = [
        PickleBytes.text("012"), [0x88], PickleBytes.list([PickleBytes.text("0")]), array([3], "u1", [1]),
        array([0, 1, 1], "u1", [3]),
    ]

    @Test(arguments: noAxes)
    func mirroringThatCannotBeReadIsRefused(value: [UInt8]) {
        let error = #expect(throws: PyTorchFileError.self) { try axes(value) }
        #expect(
            error?.code == .malformedSettings && error?.description.contains("inference_allowed_mirroring_axes") == true
        )
    }

    @Test func arraysOfSettingsAreListsInJSON() throws {
        let (small, large) = (Self.array([1, 1, 1, 2, 2, 2], "u1", [2, 3]), Self.array([0, 1], "u1", [2000]))
        let file = try PickleBytes.file(PickleBytes.dictionary([("strides", small), ("large", large)]))
        let json = try JSONSerialization.jsonObject(with: file.graph.json(file.graph.root)) as? [String: Any]
        #expect(json?["strides"] as? [[Int]] == [[1, 1, 1], [2, 2, 2]])
        #expect(json?["large"] is NSNull)
    }

    // MARK: Other files

    @Test(arguments: [
        (Data([0x1F, 0x8B, 8, 0]), "gzip"),
        (Data("version https://git-lfs.github.com/spec/v1\noid sha256:0\n".utf8), "Git LFS"),
        (Data("<!DOCTYPE html>\n<html>".utf8), "web page"), (Data("/annex/objects/MD5E-s1\n".utf8), "git-annex"),
        (Data(), "an empty file"),
        (Data([0x80, 4, 0x7D, 0x94, 0x2E]), "pickle"), (Data("{}".utf8), "JSON"), (Data([1, 2, 3]), "something else"),
    ]) func otherFilesAreNamed(data: Data, kind: String) {
        let error = #expect(throws: PyTorchFileError.self) { try PyTorchFile(data: data) }
        #expect(
            error?.code == .unknownFormat && error?.description.contains(kind) == true, "\(error?.description ?? "")")
    }

    /// A checkout of git-annex without its files.
    @Test func linksToFilesThatWereNotFetchedAreNamed() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: Fixtures.url("pytorch/nnunet-residual"), to: folder)
        let plans = folder.appending(path: "plans.json")
        try FileManager.default.removeItem(at: plans)
        try FileManager.default.createSymbolicLink(
            atPath: plans.path, withDestinationPath: "../.git/annex/objects/Xy/MD5E-s7--1.json")
        let error = #expect(throws: PyTorchFileError.self) { try NNUNetModel(NNUNetModelFolder(folder)) }
        #expect(error?.description.contains("git annex get") == true, "\(error?.description ?? "")")
        #expect(throws: PyTorchFileError(.inputOutput, "")) { try PyTorchFile.read(plans) }
    }

    // MARK: nnU-Net v1

    /// MIC-DKFZ/nnUNet#2665, ENHANCE-PET/MOOSE#50.
    @Test func aModelOfTheFirstVersionIsSaidToBeOne() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder.appending(path: "fold_0"), withIntermediateDirectories: true)
        for path in ["plans.pkl", "fold_0/model_final_checkpoint.model"] {
            try Data([0x80, 4, 0x7D, 0x94, 0x2E]).write(to: folder.appending(path: path))
        }
        let error = #expect(throws: PyTorchFileError.self) { try NNUNetModelFolder(folder) }
        #expect(error?.description.contains("nnU-Net v1") == true && error?.description.contains("no model") == false)
        let alone = PickleBytes.dictionary([
            ("state_dict", PickleBytes.dictionary([("conv_blocks_context.0.w", PickleBytes.tensor())])),
            ("plot_stuff", [0x29]),
        ])
        #expect(try NNUNetCheckpoint.isFirstVersion(PickleBytes.file(alone)))
    }

    @Test func aFoldWithoutItsPlansSaysWhatToName() throws {
        let error = #expect(throws: PyTorchFileError.self) {
            try NNUNetModelFolder(Fixtures.url("pytorch/nnunet-residual/fold_0"))
        }
        #expect(error?.description.contains("checkpoint_final.pth itself") == true)
    }
}
