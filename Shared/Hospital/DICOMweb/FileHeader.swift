import DICOMDictionary
package import DICOMObjects
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
        do throws(DICOMObjectError) {
            header = try DICOMObject(file: url).meta
        } catch {
            throw DICOMwebError(sending: error)
        }
        do throws(SystemFailure) {
            // Of what a link leads to, as what is sent is read.
            byteCount = Int(try FileDescriptor(url.path, O_RDONLY).facts().st_size)
        } catch {
            throw .unreadable
        }
        guard let sopClass = header.text(.mediaStorageSOPClass), let instance = header.text(.mediaStorageSOPInstance),
            UniqueIdentifier.isValid(sopClass), UniqueIdentifier.isValid(instance)
        else { throw .damaged }
        sopInstanceUID = instance
    }
}

extension DICOMwebError {
    /// Why a file cannot be sent. Only an object that is none is the object's fault: memory, too, may be there another
    /// time.
    package init(sending error: DICOMObjectError) {
        switch error.blame {
        case .input: self = .damaged
        case .file: self = .unreadable
        default: self.init(.fileNotReadable, "a file to send cannot be read: \(error.description)")
        }
    }

    fileprivate static let unreadable = DICOMwebError(
        .fileNotReadable, "a file to send cannot be read: check that it exists and its permissions")
    fileprivate static let damaged = DICOMwebError(.notDICOM, "a file to send has no DICOM file header")
}
