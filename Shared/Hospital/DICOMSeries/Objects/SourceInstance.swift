package import Foundation

/// One slice of a volume as it was sent: what a DICOM object made from the volume has to refer to.
package struct SourceInstance: Sendable, Hashable {
    package var sopClassUID: String
    /// Empty where de-identification removed it.
    package var sopInstanceUID: String
    /// Of an archive, the extracted file, and where the name is no UTF-8, a link to it: they exist as long as the
    /// `DICOMSeries`.
    package var file: URL
    /// From 1, of multi-frame objects only.
    package var frameNumber: Int?
    /// ImagePositionPatient: centre of the first pixel, LPS+ in millimetres.
    package var position: SIMD3<Double>
}
