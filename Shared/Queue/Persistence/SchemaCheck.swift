import Synchronization

/// Asks a database for the version of its schema before a program's first statement, and never again: a program that
/// runs goes on, whatever is migrated under it.
///
/// An older schema is refused. A newer one is served with a remark: programs of two versions work side by side during
/// an upgrade and after it was rolled back, and read words they do not know as they are (`SharedWord.unknown`).
package final class SchemaCheck: Sendable {
    /// That the program was made for.
    let version: Int
    private let remark: @Sendable (String) -> Void
    private let isDone = Atomic(false)

    /// - Parameters:
    ///   - version: of the program's `MigrationFolder`.
    ///   - remark: gets the sentence about a newer schema, once.
    package init(version: Int, remark: @escaping @Sendable (String) -> Void) {
        self.version = version
        self.remark = remark
    }

    /// For the files that belong to this program.
    ///
    /// - Throws: `PostgresError` (`invalid-configuration`) where they cannot be found.
    package convenience init(environment: [String: String], remark: @escaping @Sendable (String) -> Void) throws {
        self.init(version: try MigrationFolder(environment: environment).version, remark: remark)
    }

    /// - Throws: `PostgresError` (`schema-outdated`) that names both versions and the command to run.
    func admit(_ connection: PQConnection) throws {
        guard !isDone.load(ordering: .relaxed) else { return }
        let found = try Self.version(connection)
        guard found >= version else {
            throw PostgresError(
                code: .schemaOutdated,
                message:
                    "the database schema is at version \(found), this program needs \(version): run `columna migrate`")
        }
        guard !isDone.exchange(true, ordering: .relaxed), found > version else { return }
        remark(Self.newer(found, than: version))
    }

    static func newer(_ found: Int, than version: Int) -> String {
        "the database schema is at version \(found), newer than the \(version) of this program: upgrade the program, "
            + "or take the schema back with the newer one's `columna migrate down --to \(version) --yes`"
    }

    /// 0: nobody has migrated it yet.
    private static func version(_ connection: PQConnection) throws -> Int {
        let exists = MigrationStatements.exists(.text("columna_schema.schema_migrations"))
        guard try connection.run([exists])[0][0].boolean("exists") else { return 0 }
        return try connection.run([MigrationStatements.applied()])[0].last?.integer("number") ?? 0
    }
}
