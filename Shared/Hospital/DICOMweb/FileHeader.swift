import DICOMDictionary
import DICOMObjects
import Faults
import Files
import Foundation

/// What the header of a DICOM file (PS3.10 7.1) says of the object in it.
struct FileHeader: Sendable {
    var sopInstanceUID: String
    var byteCount: Int

    /// - Throws: `DICOMwebError`: `fileNotReadable`, `notDICOM`.
    init(ofFileAt url: URL) throws(DICOMwebError) {
        let header: DICOMObject.Item
        do {
            header = try DICOMObject(file: url).meta
            // Of what a link leads to, as what is sent is read.
            byteCount = Int(try FileDescriptor(url.path, O_RDONLY).facts().st_size)
        } catch let error as DICOMObjectError where ![.unreadable, .readFailed].contains(error.code) {
            throw Self.damaged
        } catch {
            throw DICOMwebError(
                .fileNotReadable, "a file to send cannot be read: check that it exists and its permissions")
        }
        guard let sopClass = header.text(.mediaStorageSOPClass), let instance = header.text(.mediaStorageSOPInstance),
            UniqueIdentifier.isValid(sopClass), UniqueIdentifier.isValid(instance)
        else { throw Self.damaged }
        sopInstanceUID = instance
    }

    private static let damaged = DICOMwebError(.notDICOM, "a file to send has no DICOM file header")
}
