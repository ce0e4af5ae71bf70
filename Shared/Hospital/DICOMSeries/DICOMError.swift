/// What is wrong with a DICOM study.
///
/// `description` has the fact, the value found and what was expected; it holds no file names, no identifiers and no
/// patient data. `debugDescription` adds the path.
package struct DICOMError: Error, Sendable {
    package enum Code: String, Sendable, CaseIterable {
        case fileMissing
        case fileNotReadable
        case fileNotWritable
        /// The file was replaced or cut between looking at it and decoding it.
        case fileChanged
        /// No file at that path is a DICOM object.
        case notDICOM
        case emptyFolder
        /// A zip archive that cannot be read, or that nobody honest made: absolute names, links, bombs.
        case badArchive
        /// DICOM objects, but no CT images among them.
        case noImages
        case truncated
        case corrupt
        case unsupportedEncoding
        case unsupportedModality
        /// Objects of more than one patient in one folder.
        case severalPatients
        /// Several series, and none was chosen; the message lists them.
        case severalSeries
        case unknownSeries
        case missingAttribute
        case invalidAttribute
        case missingPixelData
        case wrongPixelLength
        case tooLarge
        /// Slices of one stack differ a little in orientation, or do not lie on one line.
        case inconsistentGeometry
        /// Two different slices at one position, or two different objects of one identity.
        case duplicateSlice
        case missingSlice
        case memoryExhausted
        case internalFailure
    }

    package var code: Code
    package var message: String
    /// Only for `debugDescription`.
    package var path: String?

    package init(_ code: Code, _ message: String, path: String? = nil) {
        self.code = code
        self.message = message
        self.path = path
    }
}

extension DICOMError: Equatable {
    package static func == (left: DICOMError, right: DICOMError) -> Bool { left.code == right.code }
}

extension DICOMError: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { message }
    package var debugDescription: String { "\(code.rawValue): \(message)" + (path.map { " [\($0)]" } ?? "") }
}
