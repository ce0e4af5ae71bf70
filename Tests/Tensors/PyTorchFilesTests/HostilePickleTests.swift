import Faults
import Foundation
import PyTorchFiles
import Testing

/// Pickles that want to do something, or are wrong, inside the older format: magic number, protocol, facts, the object,
/// no storages.
@Suite struct HostilePickleTests {
    private static let magic: [UInt8] = [
        0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]
    private static let preamble: [UInt8] = [0x80, 2, 0x4D, 0xE9, 0x03, 0x2E] + [0x80, 2, 0x7D, 0x2E]
    private static let noKeys: [UInt8] = [0x80, 2, 0x5D, 0x2E]

    private func read(_ pickle: [UInt8]) throws -> PyTorchFile {
        try PyTorchFile(data: Data(Self.magic + Self.preamble + [0x80, 4] + pickle + Self.noKeys))
    }

    private func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }

    @Test(arguments: [
        ("os", "system"), ("posix", "system"), ("builtins", "eval"), ("builtins", "exec"), ("functools", "partial"),
        ("builtins", "getattr"),
        ("torch.storage", "_load_from_bytes"), ("torch", "load"), ("collections", "OrderedDict.fromkeys"),
        ("numpy", "load"), ("", ""),
        ("monai.networks.nets.segresnet", "SegResNet"), ("torch._utils", "_rebuild_tensor_v2\u{0}"),
        ("subprocess", "Popen"),
    ]) func unknownGlobalsAreRefusedByName(module: String, name: String) {
        // What a pickle that runs a command looks like: the function, its arguments, the call.
        let call = global(module, name) + Array("X".utf8) + [2, 0, 0, 0] + Array("id".utf8) + [0x85, 0x52, 0x2E]
        let stacked =
            [0x8C, UInt8(module.utf8.count)] + Array(module.utf8) + [0x8C, UInt8(name.utf8.count)] + Array(name.utf8)
            + [0x93, 0x2E]
        for pickle in [call, stacked] {
            let error = #expect(throws: PyTorchFileError.self) { try read(pickle) }
            #expect(error?.code == .refusedGlobal)
            #expect(error?.description.contains("\(module).\(name)") == true)
        }
    }

    @Test(arguments: [
        ([0x4B, 1, 0x29, 0x52, 0x2E], "cannot be called"), // 1()
        (Array("ctorch\nFloatStorage\n".utf8) + [0x29, 0x52, 0x2E], "cannot be called"),
        ([0x68, 9, 0x2E], "value 9"), // a note that was never made
        ([0x6A, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E], "value 4294967295"),
        ([0x8B, 0xFF, 0xFF, 0xFF, 0x7F, 0x2E], "2147483647 bytes are needed"), // a whole number of 2 GiB
        ([0x8B, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E], "-1 bytes are needed"),
        ([0x58, 0xFF, 0xFF, 0xFF, 0xFF], "4294967295 bytes are needed"), // a text
        ([0x8E] + [UInt8](repeating: 0xFF, count: 8), "states a size of 18446744073709551615"),
        ([0x2E], "ends with 0 values"), ([0x4E, 0x4E, 0x2E], "ends with 2 values"), ([0x28, 0x4E, 0x2E], "ends with"),
        ([0x61, 0x2E], "fewer"), ([0x4E, 0x65, 0x2E], "a mark is needed"), ([0x28, 0x85, 0x2E], "fewer"),
        ([0x30, 0x2E], "fewer"),
        ([0x28, 0x4E, 0x4E, 0x75, 0x2E], "stack is empty"), ([0x5D, 0x4E, 0x4E, 0x73, 0x2E], "no dictionary"),
        ([0x7D, 0x28, 0x4E, 0x75, 0x2E], "without pairs"), ([0x7D, 0x4E, 0x61, 0x2E], "no list"),
        ([0x4E, 0x4E, 0x62, 0x2E], "attributes"), ([0x4E, 0x51, 0x2E], "a tuple or list is needed"),
        ([0x29, 0x51, 0x2E], "a storage without"),
        ([0x49, 0x31, 0x0A, 0x2E], "opcode 73"), // protocol 0's text numbers
        ([0x82, 1, 0x2E], "opcode 130"), ([0x97, 0x2E], "opcode 151"), // extensions, buffers from elsewhere
        ([0x80, 4, 0x2E], "second beginning"), ([0x63, 0x61], "a line without an end"),
    ]) func defectsAreNamed(pickle: [UInt8], reason: String) {
        let error = #expect(throws: PyTorchFileError.self) { try read(pickle) }
        #expect(error?.code == .malformedPickle)
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [0, 1, 6, 255] as [UInt8]) func otherProtocolsAreRefused(version: UInt8) {
        let data = Data(Self.magic + Self.preamble + [0x80, version, 0x4E, 0x2E])
        #expect(throws: PyTorchFileError(.malformedPickle, "")) { try PyTorchFile(data: data) }
    }

    @Test func deepNestingNeedsNoStack() throws {
        let pickle = [0x29] + [UInt8](repeating: 0x85, count: 240_000) + [0x2E]
        #expect(throws: Never.self) { try read(pickle) }
    }

    /// A byte makes a value of many: the file's length alone would let memory grow to gigabytes.
    @Test(arguments: [0x4E, 0x29, 0x7D, 0x32, 0x28, 0x94] as [UInt8]) func tooManyValuesAreRefused(opcode: UInt8) {
        let error = #expect(throws: PyTorchFileError.self) {
            _ = try read([0x5D, 0x28, 0x4E] + [UInt8](repeating: opcode, count: 250_000) + [0x65, 0x2E])
        }
        #expect(error?.code == .malformedPickle)
        #expect(error?.description.contains("more than 250000 values") == true, "\(error?.description ?? "")")
    }

    /// The weights of a file are most of it; a pickle that is a tenth of its opcodes may be long.
    @Test func aLargerFileMayMakeMoreValues() throws {
        let nones = [UInt8](repeating: 0x4E, count: 300_000)
        let pickle = [0x5D, 0x28] + nones + [0x65, 0x2E]
        let weights = [UInt8](repeating: 0, count: 3_000_000)
        #expect(throws: PyTorchFileError(.malformedPickle, "")) { try read(pickle) }
        let whole = Data(Self.magic + Self.preamble + [0x80, 4] + pickle + Self.noKeys + weights)
        #expect(throws: Never.self) { try PyTorchFile(data: whole) }
    }

    @Test func aListInItselfIsNoProblem() throws {
        #expect(throws: Never.self) { try read([0x5D, 0x94, 0x68, 0, 0x61, 0x2E]) }
    }

    // MARK: Tensors

    private func integer(_ value: Int) -> [UInt8] {
        [0x8A, 8] + withUnsafeBytes(of: Int64(value).littleEndian, Array.init)
    }
    private func text(_ value: String) -> [UInt8] { [0x8C, UInt8(value.utf8.count)] + Array(value.utf8) }
    private func tuple(_ values: [Int]) -> [UInt8] { [0x28] + values.flatMap(integer) + [0x74] }

    /// `{"w": _rebuild_tensor_v2(storage, offset, shape, strides)}`.
    private func tensor(elements: Int, offset: Int, shape: [Int], strides: [Int]) -> [UInt8] {
        let storage =
            [0x28] + text("storage") + global("torch", "FloatStorage") + text("0") + text("cpu") + integer(elements) + [
                0x4E, 0x74, 0x51,
            ]
        let arguments = [0x28] + storage + integer(offset) + tuple(shape) + tuple(strides) + [0x74]
        return [0x7D] + text("w") + global("torch._utils", "_rebuild_tensor_v2") + arguments + [0x52, 0x73, 0x2E]
    }

    @Test(arguments: [
        (4, 0, [5], [1]), (4, 1, [4], [1]), (4, 0, [2, 2], [4, 1]), (4, 0, [4], [0x4000_0000_0000_0000]),
        (4, -1, [1], [1]), (4, 0, [-1], [1]),
        (4, 0, [2], [-1]), (4, 0, [2, 3], [1]), (1, 0, [1000], [0]), (4, 4, [1], [1]), (0, 0, [1], [1]),
        (4, Int.max, [2], [1]),
        (Int.max, 0, [Int.max, 2], [1, 1]), (4, 0, [Int](repeating: 1, count: 17), [Int](repeating: 1, count: 17)),
        (4, 0, [1 << 32, 1 << 32], [0, 0]),
    ]) func viewsOutsideTheirStorageAreRefused(elements: Int, offset: Int, shape: [Int], strides: [Int]) {
        let error = #expect(throws: PyTorchFileError.self) {
            try read(tensor(elements: elements, offset: offset, shape: shape, strides: strides))
        }
        #expect(error?.code == .malformedTensor, "\(error?.description ?? "")")
    }

    @Test(arguments: [4, 1 << 40, Int.max]) func storagesThatAreNotInTheFileAreRefused(elements: Int) throws {
        let file = try read(tensor(elements: elements, offset: 0, shape: [4], strides: [1]))
        let error = #expect(throws: PyTorchFileError.self) { try StateDictionary(file).tensors() }
        #expect(error?.code == .malformedTensor)
        #expect(error?.description.contains("tensor w of shape [4]") == true)
    }

    @Test func negativeStorageSizesAreRefused() {
        #expect(throws: PyTorchFileError(.malformedPickle, "")) {
            try read(tensor(elements: -4, offset: 0, shape: [1], strides: [1]))
        }
    }
}
