import ArgumentParser
import Console
import JobEngine
import Messaging
import Operations

struct JobsResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let paused jobs go on.",
        discussion: "Example:\n  columna jobs resume 1b4e28ba-2fa1-41d2-883f-0016d3cca427")

    @OptionGroup var decision: JobDecision

    func run() async throws {
        let system = try SystemConnection()
        try await decision.apply(.resume, system, "resumed", control: .resume) {
            try await system.store.resumeJob($0, actor: system.actor)
        }
    }
}
