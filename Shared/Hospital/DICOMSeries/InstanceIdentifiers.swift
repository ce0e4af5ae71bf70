import DICOMDictionary
import Faults
package import Foundation

/// Which study, series and instance a DICOM object is, read without its pixels.
package struct InstanceIdentifiers: Sendable, Equatable {
    package let studyInstanceUID: String
    package let seriesInstanceUID: String
    package let sopInstanceUID: String
    /// CT Image, Enhanced CT or Legacy Converted Enhanced CT Image Storage.
    package let isComputedTomography: Bool

    /// - Throws: ``DICOMError``: what opening throws, or `missingAttribute`.
    package static func read(_ file: URL) throws(DICOMError) -> InstanceIdentifiers {
        let object = try DICOMFile(path: file.path)
        func required(_ text: String?, _ name: String) throws(DICOMError) -> String {
            guard let text else {
                throw DICOMError(
                    .missingAttribute, "the object has no \(name): it belongs to no study", path: file.path)
            }
            return text
        }
        return InstanceIdentifiers(
            studyInstanceUID: try required(object.text(.studyInstance), "Study Instance UID (0020,000D)"),
            seriesInstanceUID: try required(object.text(.seriesInstance), "Series Instance UID (0020,000E)"),
            sopInstanceUID: try required(object.sopInstance, "SOP Instance UID (0008,0018)"),
            isComputedTomography: SOPClass.computedTomography.contains(object.sopClass ?? ""))
    }
}
