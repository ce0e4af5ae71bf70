package import Faults
import Glibc

/// What can go wrong with a local stack. Two errors are equal when their codes are.
package typealias LocalServicesError = CodedFault<LocalServicesErrorCode>

package enum LocalServicesErrorCode: String, FaultCode {
    /// A Debian package is not installed.
    case packageMissing = "package-missing"
    /// The folder cannot be used: not writable, not ours, or without its local.json.
    case folderUnusable = "folder-unusable"
    /// Less disk space is free than the services need.
    case diskFull = "disk-full"
    /// No port could be had on loopback.
    case portUnavailable = "port-unavailable"
    /// A program could not be started, or ended at once.
    case startFailed = "start-failed"
    /// A service did not answer in time.
    case notReady = "not-ready"
    /// The schema or the queues could not be brought up to date.
    case schemaFailed = "schema-failed"
    /// A service would not end.
    case stopFailed = "stop-failed"
    /// There is no stack in the folder, or it does not run.
    case notRunning = "not-running"

    package var blame: Blame {
        switch self {
        case .notRunning: .passing
        default: .machine
        }
    }
}

extension LocalServicesError {
    /// The last system call's error in words.
    static func systemCall(_ code: Code, _ what: String) -> LocalServicesError {
        LocalServicesError(code, "\(what): \(String(cString: strerror(errno)))")
    }
}
