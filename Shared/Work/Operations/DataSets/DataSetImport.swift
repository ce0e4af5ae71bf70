package import Anatomy
import Cryptography
import Documents
import Faults
import Foundation
package import JobEngine
import LabelMaps
package import Plans
import Registry
import Studies
import Threads
import Volumes

/// Labelled CTs that are to become cases of a data set, each by a study of its own.
package struct DataSetImport: Sendable {
    /// What happens to cases that the data set has already.
    package enum Known: Sendable { case refused, leftOut, replaced }

    package var dataSet: String
    package var tenant: Tenant
    /// Nil: as the folder says; where that says nothing as before, `train` for new cases.
    package var split: String?
    /// Nil: what the format's labels have, Columna's own where that is not known.
    package var numbering: Numbering?
    /// Nil: with S1.
    package var sacrum: SacrumExtent?
    /// Nil: the default plan.
    package var plan: Plan?
    package var priority = Priority.bulk
    package var known = Known.refused
    /// Nil: guessed.
    package var format: DataSetFormat?
    /// Of TotalSegmentator's data set; nil: guessed.
    package var release: TotalSegmentatorRelease?
    package var includesKnownBroken = false
    /// Whether the split in TotalSegmentator's meta.csv is taken.
    package var takesOfficialSplit = false

    package init(dataSet: String, tenant: Tenant) {
        self.dataSet = dataSet
        self.tenant = tenant
    }

    /// Throws unless the data set, its split and the case can be called so.
    ///
    /// - Throws: `OperationError` (`usage`).
    package func requireNames(case name: String? = nil) throws {
        if let split { try DataSetSplit.requireName(split) }
        for name in [dataSet] + (name.map { [$0] } ?? []) { try Self.requireName(name) }
    }

    static func requireName(_ name: String) throws {
        guard name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,63}/) != nil else {
            throw OperationError(
                .usage,
                "'\(name)' cannot name a data set or a case: expected up to 64 letters, digits, '.', '-', '_', the first a letter or digit"
            )
        }
    }

    /// A study of its own for every time a case is imported, so that a corrected label is imported anew.
    ///
    /// - Returns: the study.
    /// - Throws: `OperationError` (`usage`) where the data set, its split or the case cannot be called so.
    package func submit(_ one: LabelledCase, in system: SystemConnection) async throws -> StudyID {
        try requireNames(case: one.name)
        let order = StudyOrder(
            pipeline: .import, dataSet: dataSet, caseName: one.name, split: split ?? one.split,
            planJSON: try planJSON)
        let id = StudyID()
        let study = Study(
            id: id, tenant: tenant, pipeline: .import, messageID: "dataset-import/\(id)")
        let ingestion = IngestStudy(
            order: order, path: one.image.path(percentEncoded: false), labelPath: one.label.path(percentEncoded: false),
            numbering: numbering?.rawValue, sacrum: sacrum?.rawValue)
        let digest = try await OwnThread.run { try sourceDigest(of: one) }
        _ = try await PostgresStudies(pool: system.pool).submit(
            study, first: JobRequest(ingestion, tenant: tenant, priority: priority, study: id),
            importing: PostgresStudies.OrderedCase(dataSet: dataSet, name: one.name, sourceDigest: digest))
        return id
    }

    private var planJSON: String? {
        get throws { try plan.map { String(decoding: try $0.json(), as: UTF8.self) } }
    }

    /// Where the files are, how large and of when, and how they are to be read: an equal order makes an equal case, and
    /// of what is corrected in place it is another. Blocks; see `OwnThread`.
    func sourceDigest(of one: LabelledCase) throws -> String {
        let how = [numbering?.rawValue, sacrum?.rawValue, try planJSON].map { $0 ?? "-" }
        let lines = how + Self.marks(of: one.image) + Self.marks(of: one.label)
        return Hexadecimal.text(try SHA256.digest(of: Array(lines.joined(separator: "\n").utf8)))
    }

    private static func marks(of place: URL) -> [String] {
        let children = DataSetFiles.names(orNone: place).map { place.appending(path: $0) }
        return [place.path]
            + (children.isEmpty ? [place] : children).map { file in
                let attributes = try? FileManager.default.attributesOfItem(atPath: file.resolvingSymlinksInPath().path)
                let (bytes, time) = (attributes?[.size] as? NSNumber, attributes?[.modificationDate] as? Date)
                return "\(file.lastPathComponent) \(bytes ?? -1) \(time?.timeIntervalSince1970 ?? 0)"
            }
    }
}
