import Faults
import Files
import Foundation

/// An open file whose bytes are asked for by their position. Any thread may read; blocks.
///
/// Uncompressed volumes are read by `pread` from many threads straight to where they are converted, not through a
/// memory map: a map of a file that somebody cuts short while it is read ends the process with SIGBUS, and the map's
/// bytes must be converted to another array anyway, so that it would save no copy. What changed meanwhile is told
/// afterwards (`requireUnchanged`).
package final class InputFile: Sendable {
    package let byteCount: Int
    let descriptor: FileDescriptor
    private let version: Version

    /// What the system changes whenever contents change.
    private struct Version: Equatable {
        let size, seconds, nanoseconds: Int

        init(_ facts: stat) {
            (size, seconds, nanoseconds) = (Int(facts.st_size), facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec)
        }
    }

    /// Throws `fileMissing`, `fileNotReadable` or `readFailed`.
    package init(path: String) throws {
        let facts: stat
        do throws(SystemFailure) {
            // Opening a pipe could wait for ever.
            descriptor = try FileDescriptor(path, O_RDONLY | O_NONBLOCK)
            facts = try descriptor.facts()
        } catch {
            throw error.isMissing
                ? VolumeError(.fileMissing, Self.whatIsMissing(path), path: path) : Self.unreadable(error, path: path)
        }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            throw VolumeError(
                .fileNotReadable, "a regular file is expected, got a folder or a special file", path: path)
        }
        version = Version(facts)
        byteCount = version.size
    }

    private static func unreadable(_ failure: SystemFailure, path: String? = nil) -> VolumeError {
        VolumeError(
            failure.isRefusal ? .fileNotReadable : .readFailed, "the file cannot be read: \(failure.reason)", path: path
        )
    }

    private static func whatIsMissing(_ path: String) -> String {
        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else {
            return "the file does not exist"
        }
        return FileKind.isAnnexed(linkTo: target)
            ? "a link of git-annex whose file is not here: `git annex get` fetches it"
            : "a symbolic link to a file that does not exist"
    }

    /// Fills `buffer` from `position` on as far as the file goes and returns the number of bytes. Throws
    /// `readFailed`.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws -> Int {
        do throws(SystemFailure) {
            return try descriptor.read(into: buffer, at: position)
        } catch {
            throw Self.unreadable(error)
        }
    }

    /// Throws `changedWhileRead` if the file was written to since it was opened: what was read may be half old, half
    /// new. A file that was replaced by another of its name is not concerned: the old one was read to its end.
    package func requireUnchanged() throws {
        let facts: stat
        do throws(SystemFailure) { facts = try descriptor.facts() } catch { throw Self.unreadable(error) }
        guard Version(facts) == version else {
            throw VolumeError(
                .changedWhileRead, "the file was changed while it was read; read it again once it is complete")
        }
    }
}
