import Glibc

/// What can go wrong with a local stack. Two errors are equal when their codes are.
package struct LocalServicesError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// A Debian package is not installed.
        case packageMissing
        /// The folder cannot be used: not writable, not ours, or without its local.json.
        case folderUnusable
        /// Less disk space is free than the services need.
        case diskFull
        /// No port could be had on loopback.
        case portUnavailable
        /// A program could not be started, or ended at once.
        case startFailed
        /// A service did not answer in time.
        case notReady
        /// The schema or the queues could not be brought up to date.
        case schemaFailed
        /// A service would not end.
        case stopFailed
        /// There is no stack in the folder, or it does not run.
        case notRunning
    }

    package let code: Code
    /// A lower-case sentence: the fact, the value, what was expected, what to do.
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    package static func == (one: LocalServicesError, other: LocalServicesError) -> Bool { one.code == other.code }

    /// The last system call's error in words.
    static func systemCall(_ code: Code, _ what: String) -> LocalServicesError {
        LocalServicesError(code, "\(what): \(String(cString: strerror(errno)))")
    }
}
