import Documents
import Faults
package import Foundation
import JobEngine
import Studies
import Threads

extension StudyReport {
    private static let kinds = [ArtifactKind.labelMap, .picture]
    private static let metricsName = "metrics.json"

    /// Copies the label map, the picture and the metrics into a folder, under names that viewers open; the storage
    /// knows addresses only. The folder is made if it is not there.
    ///
    /// - Returns: the roles and files of what was copied from storage.
    /// - Throws: `OperationError` (`missing`) where the storage cannot be reached from here.
    @discardableResult
    package func copyResults(to folder: URL) async throws -> [(role: String, file: URL)] {
        var files: [(role: String, source: String, target: URL)] = []
        for output in outputs {
            let reference = output.reference
            guard let kind = Self.kinds.first(where: { $0.role == reference.role }) else { continue }
            guard let source = output.path else {
                throw OperationError(
                    .missing, "\(reference.role) \(reference.address) is not in the storage that COLUMNA_STORAGE names")
            }
            files.append((reference.role, source, folder.appending(path: kind.fileName)))
        }
        let metrics = metrics.isEmpty ? nil : metrics.document.text + "\n"
        try await OwnThread.run { [files] in
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            // What an earlier study left under these names is not this one's: it may have had a ground truth, and this
            // one none.
            for file in (Self.kinds.map(\.fileName) + [Self.metricsName]).map({ folder.appending(path: $0) })
            where FileManager.default.fileExists(atPath: file.path) {
                try FileManager.default.removeItem(at: file)
            }
            for one in files {
                try Data(contentsOf: URL(filePath: one.source)).write(to: one.target, options: .atomic)
            }
            try metrics.map {
                try Data($0.utf8).write(to: folder.appending(path: Self.metricsName), options: .atomic)
            }
        }
        return files.map { ($0.role, $0.target) }
    }
}
