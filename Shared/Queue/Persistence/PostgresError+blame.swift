package import Faults

/// What an error says about whom: the request, the server, or the connection. By SQLSTATE (manual, appendix A), of
/// which the first two characters are the class.
extension PostgresError: Fault {
    package var fullCode: String { "database-\(sqlState?.lowercased() ?? code.rawValue)" }

    /// The transaction was rolled back only because of others (deadlock, serialisation): repeating it is safe.
    var isWorthRepeatingAtOnce: Bool { sqlState == "40001" || sqlState == "40P01" }

    /// The values themselves were refused, as they would be again: out of range, against a constraint, too many, or by
    /// one of our own checks. Of every other error the request is innocent.
    package var isRequestsFault: Bool {
        guard code == .statementFailed, let sqlState else { return false }
        return ["21", "22", "23", "44", "54", "CL", "P0"].contains(sqlState.prefix(2))
    }

    /// The server refuses whatever anybody asks: it is gone, going, read-only, full or broken.
    package var concernsEveryone: Bool {
        guard code == .statementFailed, let sqlState else { return code == .connectionLost }
        if sqlState == "57014" { return false } // one statement was cancelled, by its timeout
        return sqlState == Self.readOnly || ["08", "53", "57", "58"].contains(sqlState.prefix(2))
    }

    /// Another conversation may find a better server: after a failover the old primary is read-only or ends its
    /// sessions, and one that stays connected would never see the new one.
    var endsConversation: Bool {
        guard code == .statementFailed, let sqlState else { return code == .connectionLost }
        return sqlState == Self.readOnly || sqlState.prefix(3) == "57P" || sqlState.prefix(2) == "08"
    }

    /// A statement that was prepared long ago may be told anew: what it reads was made again with other types since
    /// (0A000, "cached plan must not change result type"), or the server has forgotten it (26000).
    var mayBeOfOldPreparation: Bool { code == .statementFailed && (sqlState == "0A000" || sqlState == "26000") }

    /// Something is not there that a program's schema has: a table, column, function, type or schema.
    var missesSchema: Bool {
        guard code == .statementFailed, let sqlState else { return false }
        return ["42P01", "42703", "42883", "42704", "3F000"].contains(sqlState)
    }

    /// read_only_sql_transaction: a standby, or a server that was closed to writes.
    private static let readOnly = "25006"

    package var blame: Blame {
        switch code {
        case .connectionLost: return .passing
        case .invalidConfiguration, .schemaOutdated, .schemaNewer: return .setting
        case .statementFailed, .unexpectedResult, .migrationFailed: break
        }
        guard let sqlState else { return .defect }
        switch sqlState {
        // Somebody took rights away, or they are not given yet.
        case "42501": return .machine
        // Left alone for too long within a transaction, or for longer than one may last.
        case Self.readOnly, "25P03", "25P04": return .passing
        default: break
        }
        return switch sqlState.prefix(2) {
        // Connection, conflict, a lock not to be had, an operator's intervention.
        case "08", "40", "55", "57": .passing
        // Rights of the role, memory and disk, the operating system, damage: an operator mends them.
        case "28", "53", "58", "XX": .machine
        default: .defect
        }
    }
}
