import ArgumentParser
import Console
import Foundation
import JobEngine
import Operations
import Persistence

struct MigrateDownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Take migrations back, newest first. Their data are lost.",
        discussion: """
            Analysts' views go too, until the program of that version runs `columna migrate`. Programs below
            version 20 make none (docs/architecture.md). Stop the workers first.

            Example:
              columna migrate down --to 19 --yes
            """)

    @Option(help: "The version to go back to, no count of steps; 0 takes back everything.", in: .from(0))
    var to: Int

    @Flag(help: "Yes, lose the data.")
    var yes = false

    @Flag(help: "Though workers run: they are of a program that works with that version.")
    var despiteWorkers = false

    func run() async throws {
        let folder = try MigrationFolder(environment: ProcessInfo.processInfo.environment)
        try check(folder)
        guard yes else {
            throw ValidationError("this deletes the data of every migration above \(to): say --yes if you mean it")
        }
        let system = try SystemConnection()
        let undone = try await system.takeBack(to: to, of: folder, despiteWorkers: despiteWorkers)
        for step in undone.migrations { print("took back \(MigrateStatusCommand.name(step))") }
        if undone.migrations.isEmpty { print("nothing above version \(to) is applied") }
    }

    private func check(_ folder: MigrationFolder) throws {
        guard to > folder.version else { return }
        let previous = folder.migrations.dropLast().last?.number ?? 0
        throw ValidationError(
            "--to is the version to go back to, expected 0 to \(folder.version), got \(to); one step back from "
                + "\(folder.version) is --to \(previous), and 0 takes back everything")
    }
}
