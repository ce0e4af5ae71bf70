import Files
package import Foundation

/// The SQL files that belong to a program: numbered migrations of the tables, and the views over them.
package struct MigrationFolder: Sendable {
    /// In order. Numbers may be left out: several people write migrations at a time, each under a number of their own.
    package var migrations: [Migration]
    /// By name, the order in which they are made.
    package var views: [AnalystView]

    package init(migrations: [Migration], views: [AnalystView] = []) {
        self.migrations = migrations
        self.views = views
    }

    /// The schema the program was written for: the number of the last migration.
    package var version: Int { migrations.last?.number ?? 0 }

    /// Reads the folder that `environment` names, else the one beside the program.
    ///
    /// - Throws: `PostgresError` (`invalid-configuration`) where there is none, (`migration-failed`) for a folder that
    ///   cannot be used.
    package init(environment: [String: String]) throws { try self.init(reading: Self.locate(environment)) }

    /// - Throws: `PostgresError` (`migration-failed`) when a name has no number or one stands twice, a way down is
    ///   missing, or a view's name is none.
    package init(reading folder: URL) throws {
        migrations = try Self.migrations(folder)
        views = try Self.views(folder.appending(path: "views"))
    }

    // MARK: Where it lies

    private static let shipped = ShippedFolder(
        name: "Migrations", variable: "COLUMNA_MIGRATIONS", landmark: "001_studies.up.sql")

    private static func locate(_ environment: [String: String]) throws -> URL {
        if let folder = shipped.location(environment) { return folder }
        throw PostgresError(
            code: .invalidConfiguration,
            message: environment[shipped.variable] == nil
                ? "no folder \(shipped.name) beside the program: set \(shipped.variable) to the folder that holds \(shipped.landmark)"
                : "\(shipped.variable) names a folder without migrations, expected one with \(shipped.landmark)")
    }

    // MARK: What it holds

    private static func migrations(_ folder: URL) throws -> [Migration] {
        var last = 0
        return try stems(folder, suffix: ".up.sql").map { stem in
            let parts = stem.split(separator: "_", maxSplits: 1)
            guard parts.count == 2, parts[0].utf8.count == 3, let number = Int(parts[0]), number > last else {
                throw PostgresError(
                    code: .migrationFailed,
                    message:
                        "a migration is named NNN_topic.up.sql, each number once, got \(stem).up.sql after number \(last)"
                )
            }
            last = number
            return Migration(
                number: number, name: String(parts[1]), upSQL: try text(folder, stem + ".up.sql"),
                downSQL: try text(folder, stem + ".down.sql"))
        }
    }

    private static func views(_ folder: URL) throws -> [AnalystView] {
        try stems(folder, suffix: ".sql").map { name in
            guard name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil else {
                throw PostgresError(
                    code: .migrationFailed,
                    message: "a view's file is named after it in small letters, digits and _, got \(name).sql")
            }
            return AnalystView(name: name, sql: try text(folder, name + ".sql"))
        }
    }

    private static func stems(_ folder: URL, suffix: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path)
                .filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }.sorted()
        } catch {
            throw PostgresError(
                code: .migrationFailed,
                message: "the folder \(folder.lastPathComponent) of the migrations cannot be read")
        }
    }

    private static func text(_ folder: URL, _ file: String) throws -> String {
        do {
            return try String(contentsOf: folder.appending(path: file), encoding: .utf8)
        } catch {
            throw PostgresError(code: .migrationFailed, message: "migration \(file) cannot be read")
        }
    }
}
