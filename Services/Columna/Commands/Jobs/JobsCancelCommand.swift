import ArgumentParser
import JobEngine

struct JobsCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel jobs; a running one stops at its next step.",
        discussion: "Example:\n  columna jobs cancel 1b4e28ba-2fa1-41d2-883f-0016d3cca427")

    @OptionGroup var decision: JobDecision

    func run() async throws { try await decision.apply(.cancel) }
}
