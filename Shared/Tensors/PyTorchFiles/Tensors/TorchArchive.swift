import Archives
import Faults
import Foundation
import TensorCore

/// The zip archive `torch.save` writes: `NAME/data.pkl`, `NAME/data/0`, …, `NAME/byteorder`.
struct TorchArchive: Sendable {
    private let archive: ZipArchive
    /// `NAME/`
    private let prefix: String

    init(_ archive: ZipArchive) throws {
        self.archive = archive
        let pickles = archive.entries.map(\.name).filter { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }
        guard pickles.count == 1 else {
            throw PyTorchFileError(
                .unknownFormat, "not a file of torch.save but \(Self.kind(archive.entries.map(\.name)))")
        }
        prefix = String(pickles[0].dropLast("data.pkl".count))
        if archive.entry(prefix + "constants.pkl") != nil {
            throw PyTorchFileError(
                .unsupported,
                "a TorchScript program, not weights: save the weights with torch.save(torch.jit.load(…).state_dict(), …)"
            )
        }
        try checkStorages()
        try checkByteOrder()
    }

    /// What another zip archive is, by the names in it.
    private static func kind(_ names: [String]) -> String {
        func holds(_ endings: String...) -> String? { names.first { name in endings.contains { name.hasSuffix($0) } } }
        if names.isEmpty { return "an empty zip archive" }
        if names.allSatisfy({ $0.hasSuffix(".npy") }) { return "arrays of NumPy (npz)" }
        if holds("word/document.xml", "xl/workbook.xml", "ppt/presentation.xml") != nil { return "an office document" }
        if let inner = holds(".pt", ".pth", ".ckpt", ".safetensors") {
            return
                "a zip archive that holds \(inner.split(separator: "/").last?.prefix(60) ?? ""): unpack it, and import that"
        }
        if holds(".nii", ".nii.gz", ".dcm") != nil { return "a zip archive of images" }
        if holds("model.json", ".h5", "model.weights.h5") != nil { return "a model of Keras" }
        let pickles = names.count { $0.hasSuffix("data.pkl") }
        return
            "a zip archive with \(pickles) entries data.pkl, expected one; it has \(names.prefix(3).map { String($0.prefix(60)) }.joined(separator: ", "))"
    }

    func pickle() throws -> Data {
        // `init` found it.
        guard let entry = archive.entry(prefix + "data.pkl") else { return Data() }
        return try archive.bytes(entry, limit: PickleMachine.longestPickle)
    }

    func bytes(_ storage: StorageReference) throws -> Data {
        guard let entry = archive.entry(prefix + "data/" + storage.key) else {
            throw PyTorchFileError(
                .malformedTensor,
                "the archive has no entry data/\(storage.key.prefix(40)) for a storage of \(storage.count) elements")
        }
        guard let byteCount = storage.byteCount, entry.byteCount == byteCount else {
            throw PyTorchFileError(
                .malformedTensor,
                "the entry data/\(storage.key) of the archive has \(entry.byteCount) bytes, its storage of \(storage.count) elements \(storage.type.rawValue) needs others"
            )
        }
        return try archive.bytes(entry, limit: byteCount)
    }

    /// torch.save stores tensors as they are. Deflated ones could become a thousand times what the file has, each
    /// within its own bounds.
    private func checkStorages() throws {
        guard let entry = archive.entries.first(where: { $0.name.hasPrefix(prefix + "data/") && $0.method != .stored })
        else { return }
        throw PyTorchFileError(
            .unsupported,
            "the archive's entry \(entry.name.dropFirst(prefix.count).prefix(40)) is compressed, torch.save stores tensors as they are; save the weights again with it"
        )
    }

    private func checkByteOrder() throws {
        guard let entry = archive.entry(prefix + "byteorder") else { return }
        let order = String(decoding: try archive.bytes(entry, limit: 16), as: UTF8.self)
        guard order == "little" else {
            throw PyTorchFileError(
                .unsupported,
                "the file's byte order is \(order.debugDescription), expected \"little\"; save it again on a little-endian machine"
            )
        }
    }
}
