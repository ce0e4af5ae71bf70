package import Anatomy
import Documents
import Faults
package import Foundation
import LabelMaps
import Threads

/// What the labels of several cases have that the label set does not, for one sentence to whoever sends them: while
/// another numbering can still be chosen. Ingestion says it too, of each case.
package struct LossTally: Sendable {
    private var cases: [String: [String]] = [:]
    private var voxels: [String: Int] = [:]

    package init() {}

    /// Reads a label and counts what of it is lost.
    ///
    /// - Parameter name: as `case phantom-7`.
    /// - Throws: `OperationError` (`badInput`) for values that the numbering does not have.
    package mutating func add(_ label: URL, numbering: Numbering, of name: String) async throws {
        let losses = try await OwnThread.run {
            do {
                return try LabelMap(label, numbering: numbering).losses
            } catch let error as NumberingError {
                throw OperationError(
                    .badInput,
                    "\(label.path(percentEncoded: false)): \(error) (--numbering says how labels are numbered)")
            }
        }
        for loss in losses {
            let label = loss.name ?? "labels that are no vertebrae"
            if cases[label]?.last != name { cases[label, default: []].append(name) }
            voxels[label, default: 0] += loss.voxels
        }
    }

    /// Nil where nothing is lost.
    package var sentence: String? {
        guard !cases.isEmpty else { return nil }
        let parts = cases.keys.sorted().map { label in
            let names = cases[label] ?? []
            return
                "\(label) (\(voxels[label] ?? 0) voxels in \(names.count == 1 ? names[0] : "\(names.count) cases, \(names[0]) first"))"
        }
        return "spine-25 has no \(parts.joined(separator: ", ")): what they cover counts as background"
    }
}
