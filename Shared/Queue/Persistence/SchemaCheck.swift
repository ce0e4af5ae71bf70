import Synchronization

/// Asks a database for the version of its schema before a program's first statement, and again where a statement finds
/// something missing: a program that runs goes on, whatever is migrated under it, while that works.
///
/// An older schema is refused, and one that lacks a migration of the program's: several people write migrations at a
/// time, and a program of one may have been here without the other's. A newer one is served with a remark: programs of two versions work side by side during
/// an upgrade and after it was rolled back, and read words they do not know as they are (`SharedWord.unknown`).
package final class SchemaCheck: Sendable {
    /// That the program was made for.
    let version: Int
    /// Numbers of the program's migrations.
    private let migrations: [Int]
    private let remark: @Sendable (String) -> Void
    private let isDone = Atomic(false)
    private let isRemarked = Atomic(false)
    private let takenBack:
        (
            stream: AsyncStream<PostgresError>, continuation: AsyncStream<PostgresError>.Continuation
        )

    /// - Parameters:
    ///   - version: of the program's `MigrationFolder`.
    ///   - migrations: that the database must have had; of the folder.
    ///   - remark: gets the sentence about a newer schema, once.
    package init(version: Int, migrations: [Int] = [], remark: @escaping @Sendable (String) -> Void) {
        self.version = version
        self.migrations = migrations
        self.remark = remark
        takenBack = AsyncStream.makeStream(of: PostgresError.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// For the files that belong to this program.
    ///
    /// - Throws: `PostgresError` (`invalid-configuration`) where they cannot be found.
    package convenience init(environment: [String: String], remark: @escaping @Sendable (String) -> Void) throws {
        let folder = try MigrationFolder(environment: environment)
        self.init(version: folder.version, migrations: folder.migrations.map(\.number), remark: remark)
    }

    /// - Throws: `PostgresError` (`schema-outdated`) that names both versions and the command to run.
    func admit(_ connection: PQConnection) throws {
        guard !isDone.load(ordering: .relaxed) else { return }
        let found = try require(connection)
        isDone.store(true, ordering: .relaxed)
        guard found > version, !isRemarked.exchange(true, ordering: .relaxed) else { return }
        remark(Self.newer(found, than: version))
    }

    /// After a statement that found something missing.
    ///
    /// - Throws: `PostgresError` (`schema-outdated`), as does every new connection from then on, until somebody
    ///   migrates.
    func recheck(over connection: PQConnection) throws {
        do {
            _ = try require(connection)
        } catch let error as PostgresError where error.code == .schemaOutdated {
            isDone.store(false, ordering: .relaxed)
            takenBack.continuation.yield(error)
            throw error
        }
    }

    /// Suspends until the schema is found to have been taken back, or restored to an older state, under the running
    /// program, or the task is cancelled. For one caller.
    ///
    /// - Throws: `PostgresError` (`schema-outdated`), and nothing after a cancellation.
    package func waitUntilTakenBack() async throws {
        for await error in takenBack.stream { throw error }
    }

    private func require(_ connection: PQConnection) throws -> Int {
        let applied = try Self.applied(connection)
        let found = applied.last ?? 0
        guard found >= version else {
            throw PostgresError(
                code: .schemaOutdated,
                message:
                    "the database schema is at version \(found), this program needs \(version): run `columna migrate`")
        }
        let missing = migrations.filter { !applied.contains($0) }.map(String.init)
        guard missing.isEmpty else {
            throw PostgresError(
                code: .schemaOutdated,
                message:
                    "the database schema is at version \(found) and lacks \(missing.joined(separator: ", ")), which this program needs: run `columna migrate`\(found > version ? " of the newest program" : "")"
            )
        }
        return found
    }

    static func newer(_ found: Int, than version: Int) -> String {
        "the database schema is at version \(found), newer than the \(version) of this program: upgrade the program, "
            + "or take the schema back with the newer one's `columna migrate down --to \(version) --yes`"
    }

    /// In order; none: nobody has migrated it yet.
    private static func applied(_ connection: PQConnection) throws -> [Int] {
        let exists = MigrationStatements.exists(.text("columna_schema.schema_migrations"))
        guard try connection.run([exists])[0][0].boolean("exists") else { return [] }
        return try connection.run([MigrationStatements.applied()])[0].map { try $0.integer("number") }
    }
}
