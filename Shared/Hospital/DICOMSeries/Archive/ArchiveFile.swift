import Files
import Foundation

/// A zip archive on disk, read by position: nothing is mapped, so that an archive that is cut while it is read is an
/// error and not a signal, and only what is looked at is in memory.
final class ArchiveFile: Sendable {
    private let file: FileDescriptor
    let size: Int

    init(_ path: String) throws(DICOMError) {
        do throws(SystemFailure) {
            file = try FileDescriptor(path, O_RDONLY)
            size = Int(try file.facts().st_size)
        } catch {
            throw DICOMError(.fileNotReadable, "zip archive cannot be read: check its permissions", path: path)
        }
    }

    /// Nil where the archive does not reach so far.
    func bytes(at offset: Int, count: Int) -> LittleEndianBytes? {
        guard offset >= 0, count >= 0, offset <= size - count else { return nil }
        var data = Data(count: count)
        let filled = data.withUnsafeMutableBytes { target in try? file.read(into: target, at: offset) }
        return filled == count ? LittleEndianBytes(data, start: offset) : nil
    }
}
