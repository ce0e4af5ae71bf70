package import Foundation

/// Brings a database's schema up and down, one transaction per step, one migrator at a time.
package final class Migrator: Sendable {
    /// The schema this program was written for: the number of the last migration.
    package static let requiredVersion = 19

    private let connection: PostgresConnection
    private let migrations: [Migration]

    package init(settings: PostgresSettings, migrations: [Migration]) {
        var settings = settings
        // A migration of a large table takes its time.
        settings.statementTimeoutInSeconds = 3600
        connection = PostgresConnection(settings)
        self.migrations = migrations
    }

    /// A migrator over the files that belong to this program.
    package convenience init(settings: PostgresSettings, environment: [String: String]) throws {
        self.init(
            settings: settings,
            migrations: try MigrationFolder.read(try MigrationFolder.locate(environment: environment)))
    }

    package func close() async { await connection.close() }

    package struct Status: Sendable, Equatable {
        package var number: Int
        package var name: String
        /// Nil: not applied.
        package var appliedAt: Date?
    }

    package func status() async throws -> [Status] {
        let applied = try await self.applied()
        return migrations.map { migration in
            Status(
                number: migration.number, name: migration.name,
                appliedAt: applied.first { $0.number == migration.number }?.appliedAt)
        }
    }

    /// Applies what is missing, up to `version`. Returns what it applied; harmless when repeated.
    package func up(to version: Int = .max) async throws -> [Status] {
        try await connection.runScript("SET client_min_messages = warning", name: "quiet")
        try await connection.runScript(MigrationStatements.prepareSchema, name: "prepare_schema")
        var done: [Status] = []
        for migration in migrations where migration.number <= version {
            if try await step(migration, isUp: true) {
                done.append(Status(number: migration.number, name: migration.name, appliedAt: Date()))
            }
        }
        return done
    }

    /// Takes back everything above `version`, newest first. Data of those migrations is lost.
    package func down(to version: Int) async throws -> [Status] {
        guard try await isPrepared() else { return [] }
        var undone: [Status] = []
        for migration in migrations.reversed() where migration.number > version {
            if try await step(migration, isUp: false) {
                undone.append(Status(number: migration.number, name: migration.name))
            }
        }
        return undone
    }

    /// - Throws: `PostgresError` (`schema-outdated`) that names both versions and the command to run.
    package static func requireCurrentSchema(_ pool: PostgresPool) async throws {
        let exists = try await pool.run(MigrationStatements.tableExists())[0].boolean("exists")
        let version = exists ? try await pool.run(MigrationStatements.applied()).last?.integer("number") ?? 0 : 0
        guard version < requiredVersion else { return }
        throw PostgresError(
            code: .schemaOutdated,
            message:
                "the database schema is at version \(version), this program needs \(requiredVersion): run `columna migrate`"
        )
    }

    /// One migration in its own transaction, under a lock. False: there was nothing to do.
    private func step(_ migration: Migration, isUp: Bool) async throws -> Bool {
        let (generation, rows) = try await connection.begin([MigrationStatements.lock(), MigrationStatements.applied()])
        do {
            // Read after the lock was got: another migrator may have been at work meanwhile.
            let applied = try rows[1].map { try AppliedMigration($0) }.first { $0.number == migration.number }
            try check(migration, applied)
            guard (applied == nil) == isUp else {
                await connection.rollBack(generation)
                return false
            }
            try await connection.proceed(
                script: isUp ? migration.upSQL : migration.downSQL, name: migration.fileName(isUp: isUp),
                generation: generation)
            let record =
                isUp
                ? MigrationStatements.insert(
                    .integer(migration.number), .text(migration.name), .text(migration.checksum))
                : MigrationStatements.delete(.integer(migration.number))
            _ = try await connection.proceed([record, SessionStatements.commit()], generation: generation)
            return true
        } catch {
            await connection.rollBack(generation)
            throw error
        }
    }

    private func check(_ migration: Migration, _ applied: AppliedMigration?) throws {
        guard let applied, applied.checksum != migration.checksum else { return }
        throw PostgresError(
            code: .migrationFailed,
            message:
                "migration \(migration.fileName(isUp: true)) was edited after this database had applied it: restore the file and add a new one"
        )
    }

    private func isPrepared() async throws -> Bool {
        try await connection.run([MigrationStatements.tableExists()])[0][0].boolean("exists")
    }

    private func applied() async throws -> [AppliedMigration] {
        guard try await isPrepared() else { return [] }
        return try await connection.run([MigrationStatements.applied()])[0].map { try AppliedMigration($0) }
    }
}

private struct AppliedMigration {
    let number: Int
    let checksum: String
    let appliedAt: Date

    init(_ row: PostgresRow) throws {
        number = try row.integer("number")
        checksum = try row.string("checksum")
        appliedAt = try row.date("applied_at")
    }
}

extension Migration {
    fileprivate func fileName(isUp: Bool) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits + "_\(name).\(isUp ? "up" : "down").sql"
    }
}
