import ArgumentParser
import JobEngine

struct JobsRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Put dead or cancelled jobs back; their attempts count anew.",
        discussion: "Example:\n  columna jobs retry 1b4e28ba-2fa1-41d2-883f-0016d3cca427")

    @OptionGroup var decision: JobDecision

    func run() async throws { try await decision.apply(.replay) }
}
