/// What went wrong between us and PostgreSQL. Names the statement and the SQLSTATE, never a bound value.
package struct PostgresError: Sendable {
    package enum Code: String, Sendable, CaseIterable {
        /// The server cannot be reached, or went away in the middle.
        case connectionLost = "connection-lost"
        /// The server refused the statement; see `sqlState`.
        case statementFailed = "statement-failed"
        /// A row that this version of the program cannot read.
        case unexpectedResult = "unexpected-result"
        case invalidConfiguration = "invalid-configuration"
        case schemaOutdated = "schema-outdated"
        case schemaNewer = "schema-newer"
        case migrationFailed = "migration-failed"
    }

    package var code: Code
    /// Five characters, manual appendix A; nil when no server answered.
    package var sqlState: String?
    package var statement: String?
    /// Constraint that refused the row, if one did.
    package var constraint: String?
    /// Lower-case sentence without bound values.
    package var message: String
    /// The server's own words, which may quote values.
    package var detail: String?

    package init(
        code: Code, sqlState: String? = nil, statement: String? = nil, constraint: String? = nil, message: String,
        detail: String? = nil
    ) {
        self.code = code
        self.sqlState = sqlState
        self.statement = statement
        self.constraint = constraint
        self.message = message
        self.detail = detail
    }

    /// Equality by code and SQLSTATE.
    package static func == (left: Self, right: Self) -> Bool {
        left.code == right.code && left.sqlState == right.sqlState
    }

    package var description: String {
        var facts = [code.rawValue]
        if let statement { facts.append("statement \(statement)") }
        if let sqlState { facts.append("SQLSTATE \(sqlState)") }
        if let constraint { facts.append("constraint \(constraint)") }
        return "\(message) (\(facts.joined(separator: ", ")))"
    }

    package var debugDescription: String { detail.map { "\(description): \($0)" } ?? description }

    /// The fencing token that the transaction named is no longer the job's: nothing was written.
    var isStaleToken: Bool { sqlState == "CL001" }

    /// A view was to be replaced by one without all its columns (invalid_table_definition).
    var takesColumnsAway: Bool { sqlState == "42P16" }
}
