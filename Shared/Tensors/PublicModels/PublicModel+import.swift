import Cryptography
import Faults
import Files
package import Foundation
package import ModelExchange
import Networks
import PyTorchFiles

extension PublicModel {
    /// The model in its files, as Columna runs it; nothing in them is run.
    ///
    /// - Parameter files: in the catalogue's order. In place of a file that has a hash a folder cannot stand.
    /// - Throws: `PublicModelError`: `wrongFile`, `missingFile`; what `ModelImport.read` throws. Blocks.
    package func read(_ files: [URL]) throws -> ImportedModel {
        guard files.count == self.files.count else {
            let missing = self.files.dropFirst(files.count).map(\.name).joined(separator: ", ")
            throw PublicModelError(
                .missingFile,
                "\(name) is made of \(self.files.count) files, got \(files.count): \(missing.isEmpty ? "give each once" : "\(missing) is missing")"
            )
        }
        var digests: [String: String] = [:]
        // A bundle in place of its checkpoint is another file, whose hash nobody states.
        let isBundle = importer == .monaiBundle && ModelImport.isBundle(files[0])
        for (file, url) in zip(self.files, files) { digests[file.name] = try file.verified(url, hasHash: !isBundle) }
        var reader = ModelImport()
        reader.labels = labels
        switch importer {
        case .totalSegmentator: reader.format = .totalSegmentator
        case .monaiBundle where isBundle: reader.settings = settings ?? [:]
        case .monai, .monaiBundle:
            reader.format = .monai
            reader.plan = plan
            reader.choices = SegResNet.Choices(norm: .usual, activation: .relu)
        }
        let imported = try reader.read(files[0])
        return imported.published(ModelSource.Publication(model: name, licence: licence.name, sha256: digests))
    }
}

extension PublicModel.File {
    /// The SHA-256 of a file, whose own hash is checked first where the publisher states one.
    ///
    /// - Parameter hasHash: false for what may stand in the file's place.
    /// - Returns: nil of a folder.
    /// - Throws: `PublicModelError`: `wrongFile`, `missingFile`, `inputOutput`. Blocks.
    package func verified(_ url: URL, hasHash: Bool = true) throws -> String? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw PublicModelError(.missingFile, "there is no such file", path: url.path)
        }
        if isFolder.boolValue { return nil }
        if hasHash, let hash {
            let found = try Self.digest(url, hash.algorithm)
            guard found == hash.hexadecimal.lowercased() else {
                throw PublicModelError(
                    .wrongFile,
                    "the file's \(hash.algorithm.title) is \(found), its publisher states \(hash.hexadecimal) for \(name): it is damaged, or another file",
                    path: url.path)
            }
        }
        return try Self.digest(url, .sha256)
    }

    private static func digest(_ url: URL, _ algorithm: DigestAlgorithm) throws -> String {
        do {
            return Hexadecimal.text(
                try algorithm.digest { take in
                    try FileDescriptor(url.path, O_RDONLY).readToEnd(atOnce: 1 << 20, take)
                })
        } catch let failure as SystemFailure {
            throw PublicModelError(.inputOutput, "the file cannot be read: \(failure.reason)", path: url.path)
        }
    }
}

extension PublicModel {
    /// Whether the files are those that earlier versions were made of, where nobody publishes a hash.
    ///
    /// - Throws: `PublicModelError` (`wrongFile`).
    package func requireSame(_ imported: ImportedModel, as recorded: [ModelSource.Publication]) throws {
        for file in files where file.hash == nil {
            guard let own = imported.source?.publication?.sha256[file.name],
                let earlier = recorded.lazy.compactMap({ $0.sha256[file.name] }).first, own != earlier
            else { continue }
            throw PublicModelError(
                .wrongFile,
                "\(file.name) has the SHA-256 \(own), an earlier version here was made of one with \(earlier): the publisher changed it, or it is another; --changed takes it"
            )
        }
    }
}
