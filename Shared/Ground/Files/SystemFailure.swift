import Glibc

/// A system call that failed. It names what was attempted, never the path: libraries put it into their own words.
package struct SystemFailure: Error, Equatable, CustomStringConvertible {
    /// As it stands behind "cannot", such as "write a file".
    package let action: String
    /// errno.
    package let number: Int32

    /// - Parameter number: errno, read at once.
    package init(_ action: String, _ number: Int32 = errno) {
        self.action = action
        self.number = number
    }

    /// The system's words, such as "No space left on device".
    package var reason: String { String(cString: strerror(number)) }

    package var isMissing: Bool { number == ENOENT || number == ENOTDIR }

    /// Of opening and reading: the system says no to the path, to whoever asks, or to the kind of file. What else keeps
    /// a file from being read is its disk, its file server or this process; another try may do.
    package var isRefusal: Bool {
        isMissing || [EACCES, EPERM, ELOOP, ENXIO, ENAMETOOLONG, EISDIR].contains(number)
    }

    package var description: String { "cannot \(action): \(reason)" }
}
