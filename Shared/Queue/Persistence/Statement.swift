/// A named SQL text. Connections prepare it once under its name, so a name stands for one text only.
package struct Statement: Sendable {
    package let name: String
    package let sql: String

    package init(_ name: String, _ sql: String) {
        self.name = name
        self.sql = sql
    }

    /// Assignments of `ON CONFLICT … DO UPDATE SET` that take over what was to be inserted.
    package static func excluded(_ columns: String...) -> String {
        columns.map { "\($0) = EXCLUDED.\($0)" }.joined(separator: ", ")
    }

    /// The statement with its parameters, `$1` first.
    package func callAsFunction(_ parameters: PostgresValue...) -> Query {
        Query(statement: self, parameters: parameters)
    }
}

/// A statement ready to run. Parameters never appear in errors or logs.
package struct Query: Sendable {
    package let statement: Statement
    package let parameters: [PostgresValue]

    package init(statement: Statement, parameters: [PostgresValue]) {
        self.statement = statement
        self.parameters = parameters
    }
}
