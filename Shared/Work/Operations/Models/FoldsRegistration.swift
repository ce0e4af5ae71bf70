package import Documents
import Faults
package import Foundation
package import ModelExchange
import Networks
import Plans
import PyTorchFiles
package import Studies
import Threads

/// All folds of a model of nnU-Net as versions, and of the numbered ones the ensemble with which nnU-Net predicts. The
/// fold `all`, which learned from every case, is a model of its own and no member.
package struct FoldsRegistration: Documented {
    package struct Fold: Sendable {
        /// `0`, `1` … or `all`.
        package let name: String
        package let made: ModelRegistration
        /// Of its model file.
        package let byteCount: Int
    }

    package let folds: [Fold]
    /// Nil: fewer than two are numbered.
    package let ensemble: EnsembleRegistration?

    /// - Parameters:
    ///   - folds: as `ModelImport.folds` gives them.
    ///   - name: of all versions, the ensemble's last.
    /// - Throws: what reading throws, and as `ModelRegistration` and `EnsembleRegistration` do; versions that were made
    ///   until then stay, and a remark names them.
    package init(
        _ folds: [String], of url: URL, _ reader: ModelImport, name: String, in system: SystemConnection
    ) async throws {
        var made: [Fold] = []
        do {
            for fold in folds {
                let (imported, data) = try await OwnThread.run {
                    var reader = reader
                    reader.choice.fold = fold
                    let imported = try reader.read(url)
                    return (imported, try imported.data())
                }
                made.append(
                    Fold(
                        name: fold, made: try await ModelRegistration(imported, file: data, name: name, in: system),
                        byteCount: data.count))
            }
            let numbered = made.filter { Int($0.name) != nil }
            ensemble =
                numbered.count > 1
                ? try await EnsembleRegistration(name: name, of: numbered.map(\.made.reference), in: system) : nil
        } catch {
            guard !made.isEmpty else { throw error }
            let kept = made.map { "fold \($0.name) as \($0.made.reference)" }.joined(separator: ", ")
            system.remark("imported before it failed: \(kept)")
            throw error
        }
        self.folds = made
    }

    /// What nnU-Net would predict with.
    package var reference: ModelReference { ensemble?.reference ?? folds[0].made.reference }

    /// Each once.
    package var remarks: [String] {
        var seen = Set<String>()
        return folds.flatMap(\.made.remarks).filter { !$0.hasPrefix("This is fold") && seen.insert($0).inserted }
    }

    package var document: JSONValue {
        let folds: [JSONValue] = folds.map { ["fold": JSONValue($0.name), "version": $0.made.document] }
        return [
            "reference": JSONValue(reference), "folds": JSONValue(folds), "ensemble": ensemble?.document ?? nil,
        ]
    }
}
