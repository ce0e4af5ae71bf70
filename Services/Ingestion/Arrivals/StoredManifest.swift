import Documents
import Foundation
import JobEngine
import Storage
import Studies
import WorkerRuntime

extension InstanceManifest {
    /// How many instances have which risk; nil when none has any.
    var risks: [String: Int]? {
        let counts = instances.flatMap(\.risks).reduce(into: [:]) { $0[$1, default: 0] += 1 }
        return counts.isEmpty ? nil : counts
    }
}

/// The list of a study's instances as an artifact, and its instances as files to read.
enum StoredManifest {
    static func store(_ manifest: InstanceManifest, in objects: any ObjectStore) async throws -> ArtifactReference {
        ArtifactReference(.instances, try await objects.put(Data(try CanonicalJSON.string(manifest).utf8)))
    }

    static func read(_ job: JobContext) async throws -> InstanceManifest {
        let file = try await job.input(.instances)
        let data = try JobFailure.reading("manifest") { try Data(contentsOf: file) }
        do {
            return try JSONDecoder().decode(InstanceManifest.self, from: data)
        } catch {
            throw JobFailure(
                class: .defect, code: "manifest-malformed",
                reason: "the list of instances in storage is not of this version's form")
        }
    }

    /// A folder in which the instances appear under numbers, for as long as `body` runs. They are links to storage and
    /// must not be written to.
    static func withFiles<Result>(
        of manifest: InstanceManifest, _ job: JobContext, _ body: (URL) async throws -> Result
    ) async throws -> Result {
        let folder = try job.temporaryFile(named: "study")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (number, instance) in manifest.instances.enumerated() {
            let source = try await job.open(instance.address, byteCount: instance.byteCount)
            let place = folder.appending(path: String(format: "%06d.dcm", number))
            do {
                try FileManager.default.linkItem(at: source, to: place)
            } catch {
                // Another file system, or one without hard links.
                try FileManager.default.copyItem(at: source, to: place)
            }
        }
        return try await body(folder)
    }
}
