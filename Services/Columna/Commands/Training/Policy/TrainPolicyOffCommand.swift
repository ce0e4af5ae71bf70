import ArgumentParser
import Console
import JobEngine
import Operations
import Studies

struct TrainPolicyOffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "off", abstract: "Let a model be fine-tuned by hand only; a round that has begun goes on.",
        discussion: "Example:\n  columna train policy off --model spine --tenant radiology")

    @Option(help: ArgumentHelp("The model.", valueName: "name"))
    var model: ModelReference

    @Option(help: "Whose corrections.")
    var tenant: Tenant = "local"

    func run() async throws {
        try await SystemConnection().removeCorrectionPolicy(model: model.name, tenant: tenant)
        print("\(model.name) is not fine-tuned by itself any more")
    }
}
