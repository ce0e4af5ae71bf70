import ArgumentParser
import JobEngine

struct JobsPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Hold jobs back; a running one is handed back at its next checkpoint.",
        discussion: "Example:\n  columna jobs pause 1b4e28ba-2fa1-41d2-883f-0016d3cca427")

    @OptionGroup var decision: JobDecision

    func run() async throws { try await decision.apply(.pause) }
}
