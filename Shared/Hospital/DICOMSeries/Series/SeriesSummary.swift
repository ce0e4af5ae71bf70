/// One series of images in a folder, to choose from.
package struct SeriesSummary: Sendable, Hashable, Codable {
    /// Chooses this series in `DICOMReader.readSeries(at:series:)`; says nothing about the patient.
    package var hash: String
    package var studyHash: String
    package var modality: String
    /// Objects: as many as slices, or fewer that hold several frames each.
    package var instanceCount: Int
    package var sliceCount: Int
    /// Of the first slice.
    package var rows: Int
    package var columns: Int
    package var isMultiFrame: Bool
    /// Computed from other images: reformatted planes, projections.
    package var isDerived: Bool
}

extension SeriesSummary: CustomStringConvertible {
    /// `3f2a… CT, 64 slices of 512×512`
    package var description: String {
        let slices = "\(sliceCount) slice\(sliceCount == 1 ? "" : "s") of \(columns)×\(rows)"
        let objects = isMultiFrame ? " in \(instanceCount) multi-frame object\(instanceCount == 1 ? "" : "s")" : ""
        return "\(hash) \(modality), \(slices)\(objects)\(isDerived ? ", derived" : "")"
    }
}
