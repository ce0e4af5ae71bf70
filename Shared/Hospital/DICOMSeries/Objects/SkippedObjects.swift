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
        /// Images of a series that was computed from others: reformatted planes, projections.
        case derivedSeries
        /// Images of the series that lie in another grid than the volume's.
        case otherStack
        /// The same instance, or the same image under another identifier, once more.
        case duplicate
        /// A symbolic link that leads out of the folder, or nowhere.
        case outsideLink
        /// Cut or damaged, but so much of it can be read that it is no image of the series.
        case unreadable
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
            case .derivedSeries: "derived series"
            case .otherStack: "other stack of the series"
            case .duplicate: "duplicate"
            case .outsideLink: "link out of the folder"
            case .unreadable: "unreadable"
            }
        return "\(count) × \(words)" + (modality.map { " (\($0))" } ?? "")
    }

    /// Why such objects are not used.
    package var why: String {
        switch reason {
        case .notDICOM: "no DICOM prefix and no dataset"
        case .directory: "a list of files; the files themselves were looked at"
        case .localizer: "an overview, no cross-section"
        case .secondaryCapture: "a picture of a screen or a report, not placed in the patient"
        case .noImage: "holds no image of the patient"
        case .otherSeries: "another series was read"
        case .derivedSeries: "reformatted or projected from other images, and there are originals"
        case .otherStack: "another size, spacing or orientation than the volume that was read"
        case .duplicate: "the same image with the same pixels was read already"
        case .outsideLink: "symbolic links must not lead out of the study's folder"
        case .unreadable: "cut or damaged, and no image of the series that was read"
        }
    }
}
