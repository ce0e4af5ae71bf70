package import Documents
import Foundation
package import Studies
import Threads
import Volumes

/// What the ground truths of an evaluation lack, as ingestion noted it in their bytes: whoever reads a mean must know
/// that a vertebra of some cases counted as background.
package struct TruthNotes: Documented {
    /// By case, for those that have one. Empty too where the storage is not on this machine; the cases' jobs say it
    /// then.
    package let notes: [(name: String, note: String)]

    package init(_ evaluation: Evaluation, in system: SystemConnection) async throws {
        let files = evaluation.cases.compactMap { one in
            system.path(of: one.truth).map { (name: one.name, path: $0) }
        }
        notes = await OwnThread.run {
            files.compactMap { file in (try? NIfTI.readHeader(URL(filePath: file.path)).note).map { (file.name, $0) } }
        }
    }

    package var document: JSONValue {
        JSONValue(notes.map { ["case": JSONValue($0.name), "note": JSONValue($0.note)] })
    }
}
