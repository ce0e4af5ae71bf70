import ArgumentParser
import JobEngine

struct JobsResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let paused jobs go on.",
        discussion: "Example:\n  columna jobs resume 1b4e28ba-2fa1-41d2-883f-0016d3cca427")

    @OptionGroup var decision: JobDecision

    func run() async throws { try await decision.apply(.resume) }
}
