/// Why a DICOM object cannot be read, changed or written. Two errors are equal when their codes are.
///
/// `description` holds no file names, no identifiers and no values of the object; `debugDescription` adds the path.
package struct DICOMObjectError: Error, Equatable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    package enum Code: String, Sendable {
        case unreadable
        case notDICOM
        case corrupt
        case unsupported
        case tooLarge
        case invalidValue
        case unwritable
        case memoryExhausted
        case internalFailure
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
    package var debugDescription: String { "\(code.rawValue): \(message)" + (path.map { " [\($0)]" } ?? "") }

    package static func == (one: DICOMObjectError, other: DICOMObjectError) -> Bool { one.code == other.code }
}
