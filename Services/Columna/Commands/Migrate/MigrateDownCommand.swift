import ArgumentParser
import Console
import JobEngine
import Operations
import Persistence

struct MigrateDownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Take migrations back, newest first. Their data are lost.",
        discussion: """
            Analysts' views go too, until the program of that version runs `columna migrate`. Programs below
            version 20 make none (docs/architecture.md).

            Example:
              columna migrate down --to 20 --yes
            """)

    @Option(help: "The version to go back to; 0 takes back everything.", in: .from(0))
    var to: Int

    @Flag(help: "Yes, lose the data.")
    var yes = false

    func run() async throws {
        guard yes else {
            throw ValidationError("this deletes the data of every migration above \(to): say --yes if you mean it")
        }
        let system = try SystemConnection()
        let undone = try await Migrator(settings: system.database, environment: system.environment).down(to: to)
        for step in undone.migrations { print("took back \(MigrateStatusCommand.name(step))") }
        if undone.migrations.isEmpty { print("nothing above version \(to) is applied") }
    }
}
