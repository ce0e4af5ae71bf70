import Files
import Foundation

/// A new file for an object that arrives; removed again when it goes out of scope, unless somebody moved it away.
final class IncomingFile {
    let url: URL
    private(set) var byteCount = 0
    private var file: FileDescriptor?

    init(in folder: URL) throws(DICOMwebError) {
        url = folder.appending(path: "incoming-\(UUID().uuidString.lowercased()).dcm")
        do throws(SystemFailure) {
            file = try FileDescriptor(url.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o640)
        } catch {
            throw Self.failed(error)
        }
    }

    deinit { unlink(url.path) }

    func write(_ bytes: UnsafeRawBufferPointer) throws(DICOMwebError) {
        do throws(SystemFailure) {
            try file?.write(bytes)
        } catch {
            throw Self.failed(error)
        }
        byteCount += bytes.count
    }

    func close() throws(DICOMwebError) {
        do throws(SystemFailure) {
            try file.take()?.close()
        } catch {
            throw Self.failed(error)
        }
    }

    private static func failed(_ failure: SystemFailure) -> DICOMwebError {
        DICOMwebError(
            .fileNotWritable,
            "an incoming object cannot be written: \(failure.reason); free space in the folder")
    }
}
