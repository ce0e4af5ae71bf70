package import Foundation

/// Finds and reads the numbered SQL files.
package enum MigrationFolder {
    /// `COLUMNA_MIGRATIONS`, else `Migrations` or `share/columna/Migrations` beside the executable or a folder above
    /// it, else the source checkout this program was built from.
    package static func locate(environment: [String: String]) throws -> URL {
        if let path = environment["COLUMNA_MIGRATIONS"] {
            let folder = URL(filePath: path, directoryHint: .isDirectory)
            guard isMigrationFolder(folder) else {
                throw PostgresError(
                    code: .invalidConfiguration,
                    message:
                        "COLUMNA_MIGRATIONS names a folder without migrations, expected one with 001_studies.up.sql")
            }
            return folder
        }
        guard let folder = candidates.first(where: isMigrationFolder) else {
            throw PostgresError(
                code: .invalidConfiguration,
                message:
                    "no folder Migrations beside the program: set COLUMNA_MIGRATIONS to the folder that holds 001_studies.up.sql"
            )
        }
        return folder
    }

    private static var candidates: [URL] {
        let executable = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        let above = sequence(first: executable) { $0.path == "/" ? nil : $0.deletingLastPathComponent() }.prefix(6)
        let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return (above.flatMap { [$0.appending(path: "Migrations"), $0.appending(path: "share/columna/Migrations")] })
            + [source.appending(path: "Migrations")]
    }

    private static func isMigrationFolder(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: "001_studies.up.sql").path)
    }

    /// The folder's migrations in order.
    ///
    /// Numbers may be left out: several people write migrations at a time, each under a number of their own.
    ///
    /// - Throws: `PostgresError` (`migration-failed`) when a name has no number or one stands twice, or a way down is
    ///   missing.
    package static func read(_ folder: URL) throws -> [Migration] {
        let suffix = ".up.sql"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(suffix) }
            .sorted()
        var last = 0
        return try names.map { file in
            let stem = String(file.dropLast(suffix.count))
            let parts = stem.split(separator: "_", maxSplits: 1)
            guard parts.count == 2, parts[0].utf8.count == 3, let number = Int(parts[0]), number > last else {
                throw PostgresError(
                    code: .migrationFailed,
                    message: "a migration is named NNN_topic.up.sql, each number once, got \(file) after number \(last)"
                )
            }
            last = number
            return Migration(
                number: number, name: String(parts[1]), upSQL: try text(folder, file),
                downSQL: try text(folder, stem + ".down.sql"))
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
