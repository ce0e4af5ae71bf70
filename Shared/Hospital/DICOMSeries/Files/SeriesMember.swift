package import Foundation

/// What an object that cannot be used says of its place in a series, for those who must know whether a slice is
/// missing.
package struct SeriesMember: Sendable {
    /// Nil where it says none, or is damaged before.
    package let series: String?
    /// False for what has said that it is no slice: a report, a localizer, a capture of a screen …
    package let isImage: Bool

    /// Damaged objects are read up to their damage. Blocks.
    package init(_ file: URL) {
        do throws(DICOMError) {
            let object = ImageObject(file: try DICOMFile(path: file.path), path: file.path)
            series = object.series.isEmpty ? nil : object.series
            isImage = object.kind(imageTypes: object.imageTypes, isPlaced: false) == .image
        } catch {
            let damaged = DamagedObject(error, path: file.path)
            (series, isImage) = (damaged.series, damaged.isImage)
        }
    }
}
