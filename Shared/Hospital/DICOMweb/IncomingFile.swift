import Foundation
import Glibc

/// A new file for an object that arrives; removed again when it goes out of scope, unless somebody moved it away.
final class IncomingFile {
    let url: URL
    private(set) var byteCount = 0
    private var descriptor: Int32

    init(in folder: URL) throws(DICOMwebError) {
        url = folder.appending(path: "incoming-\(UUID().uuidString.lowercased()).dcm")
        descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw Self.failure() }
    }

    deinit {
        if descriptor >= 0 { Glibc.close(descriptor) }
        unlink(url.path)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(DICOMwebError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Self.failure() }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        byteCount += bytes.count
    }

    func close() throws(DICOMwebError) {
        let result = Glibc.close(descriptor)
        descriptor = -1
        guard result == 0 else { throw Self.failure() }
    }

    private static func failure() -> DICOMwebError {
        DICOMwebError(
            .fileNotWritable,
            "an incoming object cannot be written: \(String(cString: strerror(errno))); free space in the folder")
    }
}
