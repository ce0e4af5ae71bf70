import Anatomy
import Console
import Foundation
import LabelMaps
import Threads

/// What the labels of several cases have that the label set does not, for one sentence to whoever imports them.
struct LossTally {
    private var cases: [String: [String]] = [:]
    private var voxels: [String: Int] = [:]

    /// Blocks; see `OwnThread`.
    static func losses(of label: URL, numbering: Numbering) throws -> [Renumbering.Loss] {
        do {
            return try LabelMap(label, numbering: numbering).losses
        } catch let error as NumberingError {
            throw CommandFailure(
                .badData, "\(label.path(percentEncoded: false)): \(error) (--numbering says how labels are numbered)")
        }
    }

    /// - Parameter name: as `case phantom-7`.
    mutating func add(_ losses: [Renumbering.Loss], of name: String) {
        for loss in losses {
            let label = loss.name ?? "labels that are no vertebrae"
            if cases[label]?.last != name { cases[label, default: []].append(name) }
            voxels[label, default: 0] += loss.voxels
        }
    }

    /// Nil where nothing is lost.
    var sentence: String? {
        guard !cases.isEmpty else { return nil }
        let parts = cases.keys.sorted().map { label in
            let names = cases[label] ?? []
            return
                "\(label) (\(voxels[label] ?? 0) voxels in \(names.count == 1 ? names[0] : "\(names.count) cases, \(names[0]) first"))"
        }
        return "spine-25 has no \(parts.joined(separator: ", ")): what they cover counts as background"
    }
}
