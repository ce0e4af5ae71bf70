/// One series of images in a folder, to choose from.
package struct SeriesSummary: Sendable, Hashable, Codable {
    /// Chooses this series in `DICOMReader.readSeries(at:series:)`; says nothing about the patient.
    package var hash: String
    package var studyHash: String
    package var modality: String
    package var instanceCount: Int
    /// Of the first slice.
    package var rows: Int
    package var columns: Int
    package var isMultiFrame: Bool
}

extension SeriesSummary: CustomStringConvertible {
    /// `3f2a… CT, 64 slices of 512×512`
    package var description: String {
        let objects = isMultiFrame ? "multi-frame, object" : "slice"
        return "\(hash) \(modality), \(instanceCount) \(objects)\(instanceCount == 1 ? "" : "s") of \(columns)×\(rows)"
    }
}

/// Names for unique identifiers that may stand in logs and file names.
package enum IdentifierHash {
    /// 64-bit FNV-1a as 16 hexadecimal digits: the same on every machine and in every version.
    package static func hash(_ identifier: String) -> String {
        let value = identifier.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
