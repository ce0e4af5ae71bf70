import ArgumentParser
import Console
import JobEngine
import Messaging
import Operations

struct JobsCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel jobs; a running one stops at its next step.",
        discussion: "Example:\n  columna jobs cancel 1b4e28ba-2fa1-41d2-883f-0016d3cca427")

    @OptionGroup var decision: JobDecision

    func run() async throws {
        let system = try SystemConnection()
        try await decision.apply(.cancel, system, "asked to cancel", control: .cancel) {
            try await system.store.cancelJob($0, actor: system.actor)
        }
    }
}
