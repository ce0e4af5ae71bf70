import Archives
import Faults
import Files
package import Foundation
import TensorCore

/// A file of `torch.save`, read without running anything in it: the zip archive of today, or the older format of
/// pickles in a row.
///
/// The file is mapped; a tensor's bytes are read when it is taken. Sources: torch/serialization.py, docs of
/// `torch.save`.
package struct PyTorchFile: Sendable {
    package let graph: PickleGraph
    let storages: StorageFile

    /// - Throws: `PyTorchFileError`, never with the path in it.
    package static func read(_ url: URL) throws -> PyTorchFile {
        let data: Data
        do {
            data = try Data(contentsOf: url, options: .alwaysMapped)
        } catch {
            throw PyTorchFileError(
                .inputOutput, "the file cannot be read: \(Self.unfetched(url) ?? Self.reason(error))")
        }
        return try PyTorchFile(data: data)
    }

    /// What a link is that git-annex keeps in place of a file that was not fetched: a link to nothing. Nil for anything
    /// else.
    package static func unfetched(_ url: URL) -> String? {
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)
        return target.map(FileKind.isAnnexed) == true ? "it is \(FileKind.gitAnnexPointer)" : nil
    }

    package init(data: Data) throws {
        if ZipArchive.isZip(data) {
            let archive = try TorchArchive(ZipArchive(data: data))
            graph = try archive.pickle().withUnsafeBytes { bytes in
                var machine = try PickleMachine(bytes, fileByteCount: data.count)
                return try machine.run()
            }
            storages = .archive(archive)
        } else if LegacyFile.isLegacy(data) {
            let file = try LegacyFile(data: data)
            graph = file.graph
            storages = .legacy(file)
        } else {
            throw PyTorchFileError(
                .unknownFormat,
                "not a file of PyTorch but \(Self.kind(data)); a zip archive of torch.save, or its older format, is expected"
            )
        }
    }

    /// What a file is that is none of PyTorch's, for messages.
    static func kind(_ data: Data) -> String {
        FileKind([UInt8](data.prefix(FileKind.byteCount))).map { "\($0)" } ?? "something else"
    }

    /// Whether bytes begin as the format before zip archives does.
    package static func isLegacy(_ data: Data) -> Bool { LegacyFile.isLegacy(data) }

    /// The system's words without the path, which may name a patient.
    static func reason(_ error: any Error) -> String {
        let system = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
        return system.domain == NSPOSIXErrorDomain
            ? String(cString: strerror(Int32(system.code))) : "\(system.domain) \(system.code)"
    }
}

/// Where a file's storages are.
enum StorageFile: Sendable {
    case archive(TorchArchive)
    case legacy(LegacyFile)
    /// What came by another format.
    case memory([String: Tensor])

    /// Exactly as many bytes as the storage has.
    func bytes(_ storage: StorageReference) throws -> Data {
        switch self {
        case .archive(let archive): try archive.bytes(storage)
        case .legacy(let file): try file.bytes(storage)
        case .memory(let tensors): tensors[storage.key]?.withUnsafeBufferPointer { Data(buffer: $0) } ?? Data()
        }
    }
}
