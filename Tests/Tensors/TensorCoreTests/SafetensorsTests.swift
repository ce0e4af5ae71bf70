import Faults
import Foundation
import TensorCore
import Testing

@Suite struct SafetensorsTests {
    private func file(_ header: String, data: [UInt8] = []) -> Data {
        var bytes = Data()
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: header.utf8)
        bytes.append(contentsOf: data)
        return bytes
    }

    private let tensors: [(name: String, tensor: Tensor)] = [
        ("b.weight", Tensor([1, -2.5, .infinity, .leastNonzeroMagnitude], shape: [2, 2])),
        ("a", Tensor([7], shape: [])), ("ünïcode \"quoted\"", Tensor([], shape: [0, 3])),
    ]

    @Test func whatIsWrittenIsReadBack() throws {
        let data = Safetensors.serialized(tensors, metadata: ["network": "{\"a\": 1}\n", "z": ""])
        let read = try Safetensors(data: data)
        #expect(read.names == tensors.map(\.name))
        #expect(read.metadata == ["network": "{\"a\": 1}\n", "z": ""])
        for (name, tensor) in tensors {
            #expect(try read.tensor(name).values == tensor.values)
            #expect(try read.shape(name) == tensor.shape)
        }
        #expect(data == Safetensors.serialized(tensors, metadata: ["z": "", "network": "{\"a\": 1}\n"]))
    }

    @Test func everyHalfIsWrittenAsItself() throws {
        let halves = (0...UInt16.max).filter { $0 & 0x7C00 != 0x7C00 || $0 & 0x3FF == 0 }
        let header = "{\"a\":{\"dtype\":\"F16\",\"shape\":[\(halves.count)],\"data_offsets\":[0,\(halves.count * 2)]}}"
        let bytes = halves.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let values = try Safetensors(data: file(header, data: bytes)).tensor("a")
        let written = Safetensors.serialized([("a", values)], as: .float16)
        #expect(written.suffix(bytes.count).elementsEqual(bytes))
    }

    @Test func betweenTwoHalvesTheNearerIsWrittenAndOfEquallyNearTheEven() throws {
        var pairs: [(float: Float, half: Float)] = [
            (65519, 65504), (65520, .infinity), (-1e30, -.infinity), (0x1p-25, 0), (0x1.8p-24, 0x1p-23),
            (-0x1.01p-25, -0x1p-24),
        ]
        for exponent in -14...15 {
            let (one, step) = (
                Float(sign: .plus, exponent: exponent, significand: 1),
                Float(sign: .plus, exponent: exponent - 10, significand: 1)
            )
            pairs += [
                (one + step * 0.5, one), (one + step * 1.5, one + step * 2), (one + step * 0.49, one),
                (one + step * 0.51, one + step),
            ]
        }
        let written = Safetensors.serialized([("a", Tensor(pairs.map(\.float), shape: [pairs.count]))], as: .float16)
        #expect(try Safetensors(data: written).tensor("a").values == pairs.map(\.half))
        let nan = Safetensors.serialized([("a", Tensor([.nan], shape: [1]))], as: .float16)
        #expect(try Safetensors(data: nan).tensor("a").values[0].isNaN)
    }

    @Test func aFileIsReplacedWholeAndLeavesNothingBeside() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appending(path: "model.safetensors")
        try Safetensors.write([("a", Tensor([1], shape: [1]))], to: url)
        try Safetensors.write(tensors, to: url)
        #expect(try Safetensors.read(url).tensor("a").values == [7])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model.safetensors"])
    }

    @Test func everyElementTypeBecomesFloat32() throws {
        let header = """
            {"f16":{"dtype":"F16","shape":[5],"data_offsets":[0,10]},"bf16":{"dtype":"BF16","shape":[1],"data_offsets":[10,12]},\
            "u8":{"dtype":"U8","shape":[2],"data_offsets":[12,14]},"i32":{"dtype":"I32","shape":[1],"data_offsets":[14,18]},\
            "i64":{"dtype":"I64","shape":[1],"data_offsets":[18,26]},"f64":{"dtype":"F64","shape":[1],"data_offsets":[26,34]},\
            "i8":{"dtype":"I8","shape":[1],"data_offsets":[34,35]},"bool":{"dtype":"BOOL","shape":[1],"data_offsets":[35,36]},\
            "i16":{"dtype":"I16","shape":[1],"data_offsets":[36,38]}}
            """
        let data: [UInt8] =
            [0x00, 0x3C, 0x00, 0xC1, 0x01, 0x00, 0xFF, 0x7B, 0x00, 0xFC] + [0xC0, 0xBF] + [3, 255] + [
                0xFE, 0xFF, 0xFF, 0xFF,
            ]
            + [0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00] + [0, 0, 0, 0, 0, 0, 0xF8, 0xBF] + [0xFD, 7, 0xFF, 0x7F]
        let file = try Safetensors(data: file(header, data: data))
        #expect(try file.tensor("f16").values == [1, -2.5, 0x1p-24, 65504, -.infinity])
        #expect(try file.tensor("bf16").values == [-1.5])
        #expect(try file.tensor("u8").values == [3, 255])
        #expect(try file.bytes("u8") == [3, 255])
        #expect(try file.tensor("i32").values == [-2])
        #expect(try file.tensor("i64").values == [4_294_967_296])
        #expect(try file.tensor("f64").values == [-1.5])
        #expect(try file.tensor("i8").values == [-3])
        #expect(try file.tensor("bool").values == [1])
        #expect(try file.tensor("i16").values == [32767])
    }

    @Test(arguments: [
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4, "torn: the tensor a of shape [2] ends"),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4,
            "the tensor a of shape [2] and type F32 needs 8 bytes"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#,
            6, "tensor b of shape [1] overlaps"
        ),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "tensor a of shape [1] leaves a gap"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 9, "5 bytes follow the last tensor"),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            8, "names the tensor a twice"
        ),
        (#"{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}"#, 8, "tensor a has the element type C64"),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "a non-negative integer is expected"),
        (
            #"{"a":{"dtype":"F32","shape":[288230376151711743,64],"data_offsets":[0,4]}}"#, 4,
            "the tensor a is too large"
        ),
        (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, "the tensor a must state dtype, shape and two rising data_offsets"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}"#, 4, "two rising data_offsets"),
        (#"{"a":"#, 0, "not the JSON of safetensors"),
        (#"{} x"#, 0, "something follows the end"),
    ]) func defectsAreNamed(header: String, bytes: Int, reason: String) {
        let error = #expect(throws: TensorError.self) {
            try Safetensors(data: file(header, data: [UInt8](repeating: 0, count: bytes)))
        }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "no error")")
    }

    @Test func everyTruncationIsRefused() {
        let whole = Safetensors.serialized(tensors)
        for length in 0..<whole.count {
            #expect(throws: TensorError.self) { try Safetensors(data: whole.prefix(length)) }
        }
    }

    @Test func aHugeHeaderLengthIsRefusedWithoutMemory() {
        let error = #expect(throws: TensorError.self) {
            try Safetensors(data: Data([UInt8](repeating: 0xFF, count: 16)))
        }
        #expect(error?.code == .malformedFile)
        #expect(error?.description.hasPrefix("not a safetensors file") == true)
    }

    @Test func bigEndianIsRecognised() {
        var data = Safetensors.serialized(tensors)
        data.replaceSubrange(0..<8, with: data.prefix(8).reversed())
        let error = #expect(throws: TensorError.self) { try Safetensors(data: data) }
        #expect(error?.description.hasPrefix("the file's byte order is big-endian") == true)
    }

    @Test func aMissingFileSaysSoWithoutItsPath() {
        let error = #expect(throws: TensorError.self) {
            try Safetensors.read(URL(filePath: "/nonexistent/secret-name.safetensors"))
        }
        #expect(error?.code == .inputOutput)
        #expect(error?.description.contains("secret-name") == false)
    }

    @Test func aMissingTensorAndAWrongTypeAreNamed() throws {
        let read = try Safetensors(data: Safetensors.serialized(tensors))
        #expect(throws: TensorError(.missingTensor, "")) { try read.tensor("c") }
        #expect(throws: TensorError(.typeMismatch, "")) { try read.bytes("a") }
    }
}
