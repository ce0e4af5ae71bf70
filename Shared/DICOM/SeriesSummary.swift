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
