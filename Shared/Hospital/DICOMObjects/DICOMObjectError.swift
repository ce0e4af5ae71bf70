package import Faults

/// Why a DICOM object cannot be read, changed or written. Two errors are equal when their codes are.
///
/// `description` holds no file names, no identifiers and no values of the object; `debugDescription` adds the path.
package typealias DICOMObjectError = CodedFault<DICOMObjectErrorCode>

package enum DICOMObjectErrorCode: String, FaultCode {
    case unreadable
    /// The disk or the file server failed at a file that is there.
    case readFailed = "read-failed"
    case notDICOM = "not-dicom"
    case corrupt
    case unsupported
    case tooLarge = "too-large"
    case invalidValue = "invalid-value"
    case unwritable
    case memoryExhausted = "memory-exhausted"
    case internalFailure = "internal-failure"

    package static let origin: String? = "dicom"

    package var blame: Blame {
        switch self {
        case .unreadable: .file
        case .unwritable, .memoryExhausted: .machine
        case .readFailed: .passing
        case .internalFailure: .defect
        default: .input
        }
    }
}
