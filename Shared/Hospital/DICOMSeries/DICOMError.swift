package import Faults

/// What is wrong with a DICOM study.
///
/// `description` has the fact, the value found and what was expected; it holds no file names, no identifiers and no
/// patient data. `debugDescription` adds the path.
package typealias DICOMError = CodedFault<DICOMErrorCode>

package enum DICOMErrorCode: String, FaultCode {
    case fileMissing = "file-missing"
    case fileNotReadable = "file-not-readable"
    case fileNotWritable = "file-not-writable"
    /// The disk or the file server failed at a file or a folder that is there.
    case readFailed = "read-failed"
    /// The file was replaced or cut between looking at it and decoding it.
    case fileChanged = "file-changed"
    /// No file at that path is a DICOM object.
    case notDICOM = "not-dicom"
    case emptyFolder = "empty-folder"
    /// A zip archive that cannot be read, or that nobody honest made: absolute names, links, bombs.
    case badArchive = "bad-archive"
    /// DICOM objects, but no CT images among them.
    case noImages = "no-images"
    case truncated
    case corrupt
    case unsupportedEncoding = "unsupported-encoding"
    case unsupportedModality = "unsupported-modality"
    /// Objects of more than one patient in one folder.
    case severalPatients = "several-patients"
    /// Several series, and none was chosen; the message lists them.
    case severalSeries = "several-series"
    case unknownSeries = "unknown-series"
    case missingAttribute = "missing-attribute"
    case invalidAttribute = "invalid-attribute"
    case missingPixelData = "missing-pixel-data"
    case wrongPixelLength = "wrong-pixel-length"
    case tooLarge = "too-large"
    /// Slices of one stack differ a little in orientation, or do not lie on one line.
    case inconsistentGeometry = "inconsistent-geometry"
    /// Two different slices at one position, or two different objects of one identity.
    case duplicateSlice = "duplicate-slice"
    case missingSlice = "missing-slice"
    case memoryExhausted = "memory-exhausted"
    case internalFailure = "internal-failure"

    package var blame: Blame {
        switch self {
        case .fileMissing, .fileNotReadable: .file
        case .memoryExhausted, .fileNotWritable: .machine
        case .readFailed: .passing
        case .internalFailure: .defect
        default: .input
        }
    }
}
