/// Files of a study that are no slices of the volume, and why.
package struct SkippedObjects: Sendable, Hashable, Codable {
    package enum Reason: String, Sendable, Codable, CaseIterable {
        case notDICOM
        /// DICOMDIR.
        case directory
        case localizer
        /// A picture of a report or a screen.
        case secondaryCapture
        /// Report, dose, structure set, segmentation and the like.
        case noImage
        /// Images of another series than the one read.
        case otherSeries
    }

    package var reason: Reason
    /// DICOM's modality, such as `SR` or `RTSTRUCT`; nil for files that have none.
    package var modality: String?
    package var count: Int

    package init(reason: Reason, modality: String?, count: Int) {
        self.reason = reason
        self.modality = modality
        self.count = count
    }
}

extension SkippedObjects: CustomStringConvertible {
    package var description: String {
        let words =
            switch reason {
            case .notDICOM: "not DICOM"
            case .directory: "DICOMDIR"
            case .localizer: "localizer"
            case .secondaryCapture: "secondary capture"
            case .noImage: "no image"
            case .otherSeries: "other series"
            }
        return "\(count) × \(words)" + (modality.map { " (\($0))" } ?? "")
    }
}
