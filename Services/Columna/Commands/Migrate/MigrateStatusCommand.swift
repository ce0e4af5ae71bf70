import ArgumentParser
import Foundation
import JobEngine
import Persistence

struct MigrateStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show which migrations are applied; exit code 1 when some are missing.",
        discussion: "Example:\n  columna migrate status --json")

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let steps = try await Migrator(settings: system.database, environment: system.environment).status()
        let list: [JSONValue] = steps.map {
            ["number": JSONValue($0.number), "name": JSONValue($0.name), "applied_at": JSONValue($0.appliedAt)]
        }
        output.show(["required_version": JSONValue(Migrator.requiredVersion), "migrations": JSONValue(list)]) {
            var table = TextTable("migration", "applied")
            for step in steps { table.add(Self.name(step), step.appliedAt.map { Wording.time($0) } ?? "no") }
            print(table.text)
        }
        if steps.contains(where: { $0.appliedAt == nil }) { throw ExitCode(1) }
    }

    static func name(_ step: Migrator.Status) -> String { String(format: "%03d", step.number) + " \(step.name)" }
}
