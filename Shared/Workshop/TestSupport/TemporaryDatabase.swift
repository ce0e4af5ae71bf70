package import Foundation
package import Persistence

/// A database of its own on the server that `COLUMNA_DATABASE_URL` names, with the current schema; dropped when the
/// test is over.
package struct TemporaryDatabase: Sendable {
    package let settings: PostgresSettings
    package let pool: PostgresPool
    private let name: String
    private let server: PostgresSettings

    /// For `.enabled(if:)`: whether there is a server to test against.
    package static var isAvailable: Bool { serverURL != nil }

    private static var serverURL: String? { ProcessInfo.processInfo.environment["COLUMNA_DATABASE_URL"] }

    /// Runs `body` with a fresh database.
    ///
    /// - Parameters:
    ///   - isMigrated: false leaves it empty.
    ///   - connections: size of the pool.
    package static func with<Result: Sendable>(
        isMigrated: Bool = true, connections: Int = 4, _ body: (TemporaryDatabase) async throws -> Result
    ) async throws -> Result {
        await gate.enter()
        let outcome: Swift.Result<Result, any Error>
        do {
            let database = try await create(isMigrated: isMigrated, connections: connections)
            do { outcome = .success(try await body(database)) } catch { outcome = .failure(error) }
            await database.drop()
        } catch {
            outcome = .failure(error)
        }
        await gate.leave()
        return try outcome.get()
    }

    /// Tests run at once by the dozen, and a server has a hundred connections by default.
    private static let gate = Gate(6)

    /// - Throws: `PostgresError` when `COLUMNA_DATABASE_URL` is unset or its role may not create databases.
    package static func create(isMigrated: Bool = true, connections: Int = 4) async throws -> TemporaryDatabase {
        let server = try PostgresSettings(
            environment: ProcessInfo.processInfo.environment, applicationName: "columna tests")
        let database = TemporaryDatabase(server: server, connections: connections)
        let template = isMigrated ? try await Self.template.value : "template1"
        let connection = PostgresConnection(server)
        try await connection.runScript("CREATE DATABASE \(database.name) TEMPLATE \(template)", name: "create_database")
        // Tests compare rows, and pull no plug: waiting for the disk would only make them slow.
        try await connection.runScript(
            "ALTER DATABASE \(database.name) SET synchronous_commit = off", name: "alter_database")
        return database
    }

    /// A migrated database that others are copied from: made once per schema and kept, since copying is several times
    /// faster than migrating.
    private static let template = Task<String, any Error> {
        let server = try PostgresSettings(
            environment: ProcessInfo.processInfo.environment, applicationName: "columna tests")
        let folder = try MigrationFolder(environment: [:])
        let checksums = folder.migrations.map(\.checksum) + folder.views.map(\.checksum)
        let name =
            "columna_template_" + checksums.joined().utf8.reduce(0) { ($0 &* 31 &+ UInt32($1)) }.description
        let connection = PostgresConnection(server)
        guard try await connection.databaseIsMissing(name) else { return name }
        let fresh = TemporaryDatabase(server: server, connections: 1)
        try await connection.runScript("CREATE DATABASE \(fresh.name)", name: "create_database")
        do {
            let migrator = Migrator(settings: fresh.settings, folder: folder)
            _ = try await migrator.up()
            await migrator.close()
            try await connection.runScript("ALTER DATABASE \(fresh.name) RENAME TO \(name)", name: "rename_database")
        } catch {
            await fresh.drop()
            // Another process may have been faster.
            if try await connection.databaseIsMissing(name) { throw error }
        }
        return name
    }

    private init(server: PostgresSettings, connections: Int) {
        self.server = server
        name = "columna_test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        var settings = server
        settings.url = Self.url(server.url, database: name)
        self.settings = settings
        pool = PostgresPool(settings: settings, size: connections)
    }

    package func runScript(_ sql: String) async throws {
        try await pool.withConnection { try await $0.runScript(sql, name: "test_script") }
    }

    /// Over the project's own migrations.
    package func migrator() throws -> Migrator { try Migrator(settings: settings, environment: [:]) }

    package func drop() async {
        await pool.close()
        try? await PostgresConnection(server).runScript(
            "DROP DATABASE IF EXISTS \(name) WITH (FORCE)", name: "drop_database")
    }

    /// From now on `columna.now()` of this database stands at `date`: tests own time, and the program has no door for
    /// it.
    package func setClock(_ date: Date) async throws {
        let statement = Statement("set_test_clock", "UPDATE columna.test_clock SET now = $1")
        if try await clockIsReal() {
            try await pool.withConnection { connection in
                try await connection.runScript(
                    """
                    CREATE TABLE columna.test_clock (now timestamptz);
                    INSERT INTO columna.test_clock VALUES (NULL);
                    CREATE OR REPLACE FUNCTION columna.now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT now FROM columna.test_clock';
                    """, name: "make_test_clock")
            }
        }
        _ = try await pool.run(statement(.timestamp(date)))
    }

    private func clockIsReal() async throws -> Bool {
        try await pool.run(
            Statement("find_test_clock", "SELECT to_regclass('columna.test_clock') IS NULL AS is_real")())[0].boolean(
                "is_real")
    }

    /// The URL with another database; its query (sslmode and the like) stays.
    private static func url(_ url: String, database: String) -> String {
        var components = URLComponents(string: url)
        components?.path = "/" + database
        return components?.string ?? url
    }
}

extension PostgresConnection {
    fileprivate func databaseIsMissing(_ name: String) throws -> Bool {
        let statement = Statement("find_database", "SELECT oid FROM pg_database WHERE datname = $1")
        return try run([statement(.text(name))])[0].isEmpty
    }
}
