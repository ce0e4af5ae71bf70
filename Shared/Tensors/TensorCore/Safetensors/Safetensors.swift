import Faults
import Files
package import Foundation

/// A set of named tensors in the safetensors format: 8 bytes header length (little endian), JSON header, raw data.
///
/// Every reader error names the tensor and the defect. All element types of `ElementType` are read.
package struct Safetensors: Sendable {
    /// In the order of the header.
    package var names: [String] { entries.map(\.name) }
    package let metadata: [String: String]

    private let data: Data
    private let entries: [Entry]
    private let indexByName: [String: Int]

    private struct Entry: Sendable {
        let name: String
        let type: ElementType
        let shape: [Int]
        /// Into `data`, from its first byte.
        let range: Range<Int>
    }

    /// The header is at most this long, as in the reference implementation: a corrupt length must not allocate memory.
    private static let longestHeader = 100_000_000

    /// Maps the file into memory; pages are read when a tensor is taken.
    package static func read(_ url: URL) throws -> Safetensors {
        let data: Data
        do {
            data = try Data(contentsOf: url, options: .alwaysMapped)
        } catch {
            throw TensorError(.inputOutput, "the tensor file cannot be read: \(Self.reason(error))")
        }
        return try Safetensors(data: data)
    }

    package init(data: Data) throws {
        do {
            try self.init(reading: data)
        } catch let error as TensorError where error.code == .malformedFile {
            throw Self.otherKind(data).map { TensorError(.malformedFile, "not a safetensors file but \($0)") } ?? error
        }
    }

    /// What a file that cannot be read is instead, where its first bytes tell.
    private static func otherKind(_ data: Data) -> String? {
        guard let kind = FileKind([UInt8](data.prefix(FileKind.byteCount))), kind != .safetensors else { return nil }
        if [.zip, .pickle].contains(kind) { return "\(kind.name) (`columna models convert` takes PyTorch's files)" }
        return kind.description
    }

    private init(reading data: Data) throws {
        // Offsets below count from 0, which a slice's indices need not.
        let data = data.startIndex == 0 ? data : Data(data)
        guard data.count >= 8 else {
            throw TensorError(.malformedFile, "not a safetensors file: one has at least 8 bytes, got \(data.count)")
        }
        let length = data.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard length <= UInt64(Self.longestHeader) else {
            if length.byteSwapped <= UInt64(max(0, data.count - 8)) {
                throw TensorError(
                    .malformedFile,
                    "the file's byte order is big-endian; safetensors are little-endian: write it anew with the library"
                )
            }
            throw TensorError(
                .malformedFile,
                "not a safetensors file: its first 8 bytes are no header length up to \(Self.longestHeader)")
        }
        let start = 8 + Int(length)
        guard start <= data.count else {
            throw TensorError(
                .malformedFile, "the file is torn: the header needs \(start) bytes, the file has \(data.count)")
        }
        let header = try data.withUnsafeBytes {
            try SafetensorsHeader(json: UnsafeRawBufferPointer(rebasing: $0[8..<start]))
        }
        self.data = data
        metadata = header.metadata
        entries = try header.entries.map { try Self.entry($0, dataStart: start) }
        indexByName = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
        try Self.checkCoverage(entries, start: start, end: data.count)
    }

    /// Converted to float32; integers beyond 2²⁴ are rounded.
    package func tensor(_ name: String) throws -> Tensor {
        let entry = try entry(name)
        var tensor = Tensor(uninitialized: entry.shape)
        data.withUnsafeBytes { bytes in
            let source = UnsafeRawBufferPointer(rebasing: bytes[entry.range])
            tensor.withUnsafeMutableBufferPointer { entry.type.convert(source, to: $0) }
        }
        return tensor
    }

    /// The elements of a U8 tensor.
    package func bytes(_ name: String) throws -> [UInt8] {
        let entry = try entry(name)
        guard entry.type == .uint8 else {
            throw TensorError(.typeMismatch, "the tensor \(name) must be of type U8, got \(entry.type.rawValue)")
        }
        return [UInt8](data[entry.range])
    }

    package func shape(_ name: String) throws -> [Int] { try entry(name).shape }

    package func contains(_ name: String) -> Bool { indexByName[name] != nil }

    private func entry(_ name: String) throws -> Entry {
        guard let index = indexByName[name] else {
            throw TensorError(.missingTensor, "the file has no tensor named \(name)")
        }
        return entries[index]
    }

    private static func entry(_ header: SafetensorsHeader.Entry, dataStart: Int) throws -> Entry {
        let name = header.name
        guard let type = ElementType(rawValue: header.type) else {
            let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
            throw TensorError(
                .typeMismatch,
                "the tensor \(name) has the element type \(header.type.prefix(40)); expected one of \(known)")
        }
        var size = type.byteCount
        for extent in header.shape {
            let (product, overflow) = size.multipliedReportingOverflow(by: extent)
            guard !overflow else {
                throw TensorError(.malformedFile, "the shape \(header.shape) of the tensor \(name) is too large")
            }
            size = product
        }
        guard header.offsets.count == size else {
            throw TensorError(
                .malformedFile,
                "the tensor \(name) of shape \(header.shape) and type \(header.type) needs \(size) bytes, its offsets span \(header.offsets.count)"
            )
        }
        let range = header.offsets.lowerBound + dataStart..<header.offsets.upperBound + dataStart
        return Entry(name: name, type: type, shape: header.shape, range: range)
    }

    /// The tensors must tile the data: no overlap, no gap, nothing missing at the end.
    private static func checkCoverage(_ entries: [Entry], start: Int, end: Int) throws {
        var position = start
        for entry in entries.sorted(by: {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }) {
            guard entry.range.lowerBound == position else {
                let defect = entry.range.lowerBound < position ? "overlaps the one before it" : "leaves a gap before it"
                throw TensorError(
                    .malformedFile, "the data of the tensor \(entry.name) of shape \(entry.shape) \(defect)")
            }
            position = entry.range.upperBound
            guard position <= end else {
                throw TensorError(
                    .malformedFile,
                    "the file is torn: the tensor \(entry.name) of shape \(entry.shape) ends at byte \(position) of \(end)"
                )
            }
        }
        guard position == end else {
            throw TensorError(.malformedFile, "\(end - position) bytes follow the last tensor")
        }
    }

    /// The system's words without the path, which may name a patient.
    static func reason(_ error: any Error) -> String {
        let system = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
        return system.domain == NSPOSIXErrorDomain
            ? String(cString: strerror(Int32(system.code))) : "\(system.domain) \(system.code)"
    }
}
