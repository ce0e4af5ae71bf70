import Foundation

/// A zip archive on disk, read by position: nothing is mapped, so that an archive that is cut while it is read is an
/// error and not a signal, and only what is looked at is in memory.
final class ArchiveFile: Sendable {
    private let descriptor: Int32
    let size: Int

    init(_ path: String) throws(DICOMError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        var facts = stat()
        guard descriptor >= 0, fstat(descriptor, &facts) == 0 else {
            throw DICOMError(.fileNotReadable, "zip archive cannot be read: check its permissions", path: path)
        }
        size = Int(facts.st_size)
    }

    deinit { close(descriptor) }

    /// Nil where the archive does not reach so far.
    func bytes(at offset: Int, count: Int) -> LittleEndianBytes? {
        guard offset >= 0, count >= 0, offset <= size - count else { return nil }
        var data = Data(count: count)
        let isRead = data.withUnsafeMutableBytes { target in
            var filled = 0
            while filled < count {
                let got = pread(descriptor, target.baseAddress! + filled, count - filled, off_t(offset + filled))
                guard got > 0 else { return false }
                filled += got
            }
            return true
        }
        return isRead ? LittleEndianBytes(data, start: offset) : nil
    }
}
