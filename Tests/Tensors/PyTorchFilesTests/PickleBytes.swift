import Foundation
import PyTorchFiles

/// Pickles of protocol 4 by hand, in the older format of torch.save: what is in files of training loops, and no writer
/// of ours makes.
enum PickleBytes {
    private static let preamble: [UInt8] = [
        0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E, 0x80, 2, 0x4D, 0xE9,
        0x03, 0x2E, 0x80, 2, 0x7D, 0x2E,
    ]

    /// - Parameter storages: the numbers of the storages `0`, `1` … as float32.
    static func file(_ object: [UInt8], storages: [[Float]] = []) throws -> PyTorchFile {
        var data = Data(preamble)
        data.append(contentsOf: [0x80, 4])
        data.append(contentsOf: object)
        data.append(contentsOf: [0x2E, 0x80, 4])
        data.append(contentsOf: list(storages.indices.map { (index: Int) -> [UInt8] in text(String(index)) }))
        data.append(0x2E)
        for values in storages {
            data.append(contentsOf: little(values.count))
            for value in values {
                data.append(contentsOf: withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init))
            }
        }
        return try PyTorchFile(data: data)
    }

    private static func little(_ value: Int) -> [UInt8] { withUnsafeBytes(of: Int64(value).littleEndian, Array.init) }

    private static func joined(_ first: [UInt8], _ parts: [[UInt8]], _ last: [UInt8] = []) -> [UInt8] {
        var result = first
        for part in parts { result.append(contentsOf: part) }
        result.append(contentsOf: last)
        return result
    }

    static func text(_ value: String) -> [UInt8] { joined([0x8C, UInt8(value.utf8.count)], [Array(value.utf8)]) }

    static func integer(_ value: Int) -> [UInt8] { joined([0x8A, 8], [little(value)]) }

    static func bytes(_ value: [UInt8]) -> [UInt8] { joined([0x43, UInt8(value.count)], [value]) }

    static func tuple(_ values: [[UInt8]]) -> [UInt8] { joined([0x28], values, [0x74]) }

    static func list(_ values: [[UInt8]]) -> [UInt8] { joined([0x5D, 0x28], values, [0x65]) }

    static func dictionary(_ pairs: [(String, [UInt8])]) -> [UInt8] {
        joined([0x7D, 0x28], pairs.map { joined(text($0.0), [$0.1]) }, [0x75])
    }

    static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }

    static func call(_ module: String, _ name: String, _ arguments: [[UInt8]]) -> [UInt8] {
        joined(global(module, name), [tuple(arguments)], [0x52])
    }

    /// A tensor of one axis that is a whole storage.
    static func tensor(storage: Int = 0, count: Int = 1) -> [UInt8] {
        let words: [[UInt8]] = [
            text("storage"), global("torch", "FloatStorage"), text(String(storage)), text("cpu"), integer(count),
        ]
        let place = joined(tuple(words), [[0x51]])
        let arguments: [[UInt8]] = [place, integer(0), tuple([integer(count)]), tuple([integer(1)]), [0x89], [0x7D]]
        return call("torch._utils", "_rebuild_tensor_v2", arguments)
    }
}
