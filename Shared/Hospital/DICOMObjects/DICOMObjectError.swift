package import Faults

/// Why a DICOM object cannot be read, changed or written. Two errors are equal when their codes are.
///
/// `description` holds no file names, no identifiers and no values of the object; `debugDescription` adds the path.
package struct DICOMObjectError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        case unreadable
        case notDICOM = "not-dicom"
        case corrupt
        case unsupported
        case tooLarge = "too-large"
        case invalidValue = "invalid-value"
        case unwritable
        case memoryExhausted = "memory-exhausted"
        case internalFailure = "internal-failure"
    }

    package var code: Code
    package var message: String
    package var path: String?

    package init(_ code: Code, _ message: String, path: String? = nil) {
        self.code = code
        self.message = message
        self.path = path
    }

    package var description: String { message }

    package static let origin: String? = "dicom"

    package var blame: Blame {
        switch code {
        case .unreadable: .file
        case .unwritable, .memoryExhausted: .machine
        case .internalFailure: .defect
        default: .input
        }
    }
}
