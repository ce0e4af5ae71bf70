import Console
import Documents
import Foundation
import JobEngine
import Operations
import Studies
import Threads
import Volumes

/// What the ground truths of an evaluation lack, as ingestion noted it in their bytes: whoever reads a mean must know
/// that a vertebra of some cases counted as background.
struct TruthNotes: Sendable {
    /// By case, for those that have one. Empty too where the storage is not on this machine; the cases' jobs say it
    /// then.
    let notes: [(name: String, note: String)]

    init(_ evaluation: Evaluation, in system: SystemConnection) async throws {
        let files = evaluation.cases.compactMap { one in
            one.source.split(separator: " ").last.flatMap { system.path(of: String($0)) }.map {
                (name: one.name, path: $0)
            }
        }
        notes = await OwnThread.run {
            files.compactMap { file in (try? NIfTI.readHeader(URL(filePath: file.path)).note).map { (file.name, $0) } }
        }
    }

    var json: JSONValue { JSONValue(notes.map { ["case": JSONValue($0.name), "note": JSONValue($0.note)] }) }

    /// Nil where no truth lacks anything.
    var text: String? {
        guard !notes.isEmpty else { return nil }
        let lines =
            notes.prefix(10).map { "  \($0.name): \($0.note)" }
            + (notes.count > 10 ? ["  and \(notes.count - 10) more (--json has all)"] : [])
        return (["labels of the truth that counted as background:"] + lines).joined(separator: "\n")
    }
}
