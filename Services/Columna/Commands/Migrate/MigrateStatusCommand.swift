import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Operations
import Persistence

struct MigrateStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show which migrations are applied; exit code 1 when some are missing or views differ.",
        discussion: "Example:\n  columna migrate status --json")

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let folder = try MigrationFolder(environment: system.environment)
        let (steps, staleViews) = try await Migrator(settings: system.database, folder: folder).status()
        let list: [JSONValue] = steps.map {
            ["number": JSONValue($0.number), "name": JSONValue($0.name), "applied_at": JSONValue($0.appliedAt)]
        }
        let shown: JSONValue = [
            "required_version": JSONValue(folder.version), "migrations": JSONValue(list),
            "stale_views": JSONValue(staleViews.map { JSONValue($0) }),
        ]
        output.show(shown) {
            var table = TextTable("migration", "applied")
            for step in steps { table.add(Self.name(step), step.appliedAt.map { Wording.time($0) } ?? "no") }
            print(table.text)
            for view in staleViews { print("view analytics.\(view) is older or newer than its file") }
        }
        if !staleViews.isEmpty || steps.contains(where: { $0.appliedAt == nil }) { throw ExitCode(1) }
    }

    static func name(_ step: Migrator.Step) -> String { String(format: "%03d", step.number) + " \(step.name)" }
}
