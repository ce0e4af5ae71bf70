package import Files
package import Foundation

/// Where the bytes of an archive lie.
package protocol ZipSource: Sendable {
    var byteCount: Int { get }

    /// Nil where the source does not reach so far.
    ///
    /// - Throws: `unreadable`.
    func bytes(_ range: Range<Int>) throws(ZipError) -> Data?
}

/// An archive in memory, or mapped: what is stored is not copied.
extension Data: ZipSource {
    package var byteCount: Int { count }

    package func bytes(_ range: Range<Int>) -> Data? {
        guard range.lowerBound >= 0, range.upperBound <= count else { return nil }
        return self[startIndex + range.lowerBound..<startIndex + range.upperBound]
    }
}

/// An archive on disk, read by position: nothing is mapped, so that an archive that is cut while it is read is an
/// error and not a signal, and only what is looked at is in memory.
package final class ZipFile: ZipSource {
    private let file: FileDescriptor
    package let byteCount: Int

    package init(_ path: String) throws(SystemFailure) {
        file = try FileDescriptor(path, O_RDONLY)
        byteCount = Int(try file.facts().st_size)
    }

    package func bytes(_ range: Range<Int>) throws(ZipError) -> Data? {
        guard range.lowerBound >= 0, range.upperBound <= byteCount else { return nil }
        var data = Data(count: range.count)
        let filled = data.withUnsafeMutableBytes { target in
            Result { () throws(SystemFailure) in try file.read(into: target, at: range.lowerBound) }
        }
        do throws(SystemFailure) {
            return try filled.get() == range.count ? data : nil
        } catch {
            throw ZipError(.unreadable, "cannot be read: \(error.reason)")
        }
    }
}
