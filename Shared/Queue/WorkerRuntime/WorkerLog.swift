import Foundation
import Glibc
package import Logging

/// Where workers log: one line an event on standard error, timestamped, without patient data.
package enum WorkerLog {
    package static func logger(_ label: String, level: String) -> Logger {
        var logger = Logger(label: label, factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = Logger.Level(rawValue: level) ?? .info
        return logger
    }

    /// For errors before there is a logger.
    package static func complain(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
