import Faults
import Foundation
import TensorCore

/// What `torch.save` wrote before 1.6 and still does with `_use_new_zipfile_serialization=False`: five pickles (a magic
/// number, a protocol number, the machine's facts, the object, the storages' keys), then every storage as its element
/// count and its elements.
struct LegacyFile: Sendable {
    let graph: PickleGraph
    private let data: Data
    private let ranges: [String: Range<Int>]

    /// The first pickle, always the same.
    private static let magic: [UInt8] = [
        0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]

    static func isLegacy(_ data: Data) -> Bool { data.starts(with: magic) }

    init(data: Data) throws {
        self.data = data
        (graph, ranges) = try data.withUnsafeBytes { bytes in
            var position = Self.magic.count
            func next() throws -> PickleGraph {
                var machine = try PickleMachine(bytes, at: position, fileByteCount: bytes.count)
                let graph = try machine.run()
                position = machine.cursor.position
                return graph
            }
            guard case .integer(1001) = try next().root else {
                throw PyTorchFileError(
                    .unsupported, "the file's protocol is not 1001; save it again with a current PyTorch")
            }
            let machine = try next()
            if case .boolean(false) = machine.value("little_endian", of: machine.root) {
                throw PyTorchFileError(
                    .unsupported,
                    "the file is big-endian, expected little-endian; save it again on a little-endian machine")
            }
            let graph = try next()
            let keys = try next()
            return (graph, try Self.ranges(keys: Self.texts(keys), types: Self.types(graph), bytes, at: position))
        }
    }

    func bytes(_ storage: StorageReference) throws -> Data {
        guard let range = ranges[storage.key], range.count == storage.byteCount else {
            throw PyTorchFileError(
                .malformedTensor,
                "the file has \(ranges[storage.key]?.count ?? 0) bytes for a storage of \(storage.count) elements \(storage.type.rawValue)"
            )
        }
        return data[data.startIndex + range.lowerBound..<data.startIndex + range.upperBound]
    }

    private static func texts(_ graph: PickleGraph) throws -> [String] {
        guard case .sequence(let index) = graph.root else {
            throw PyTorchFileError(.malformedPickle, "the file has no list of its storages")
        }
        return try graph.sequences[index].map { value in
            guard let text = graph.text(value) else {
                throw PyTorchFileError(.malformedPickle, "a storage's key is no text")
            }
            return text
        }
    }

    /// The element sizes of the storages in use; the file states counts only.
    private static func types(_ graph: PickleGraph) -> [String: Int] {
        Dictionary(
            graph.tensors.map { ($0.storage.key, $0.storage.type.byteCount) }, uniquingKeysWith: { first, _ in first })
    }

    private static func ranges(
        keys: [String], types: [String: Int], _ bytes: UnsafeRawBufferPointer, at position: Int
    ) throws -> [String: Range<Int>] {
        var cursor = try ByteCursor(bytes, at: position, code: .malformedTensor)
        var ranges: [String: Range<Int>] = [:]
        for key in keys {
            let count = try cursor.count64()
            guard let elementSize = types[key] else {
                throw PyTorchFileError(
                    .malformedTensor, "the file has a storage of \(count) elements that no tensor uses")
            }
            let (byteCount, overflow) = count.multipliedReportingOverflow(by: elementSize)
            guard !overflow else {
                throw PyTorchFileError(.malformedTensor, "the file states a storage of \(count) elements")
            }
            let start = cursor.position
            _ = try cursor.take(byteCount)
            ranges[key] = start..<start + byteCount
        }
        return ranges
    }
}
