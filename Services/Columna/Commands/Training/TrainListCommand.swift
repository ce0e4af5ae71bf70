import ArgumentParser
import Console
import Documents
import JobEngine
import Operations

struct TrainListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List trainings, newest first: how far, how good, how long still.",
        discussion: "Example:\n  columna train list --json")

    @Option(help: "Only this tenant's.")
    var tenant: Tenant?

    @Option(help: "At most so many.", in: .listed)
    var limit = 50

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let runs = try await SystemConnection().trainings(limit: limit, tenant: tenant)
        output.show(["trainings": JSONValue(runs.map(\.document))]) {
            print(
                runs.isEmpty ? "No trainings: start one with `columna train start`." : TrainingPresentation.table(runs))
        }
    }
}
