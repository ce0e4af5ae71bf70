import ArgumentParser
import Console
import JobEngine
import Messaging
import Operations

struct WorkersResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let a paused stage go on.",
        discussion: "Example:\n  columna workers resume training")

    @Argument(help: "ingestion, preprocessing, training, inference or evaluation.")
    var stage: Stage

    func run() async throws {
        try await SystemConnection().setPaused(false, stage: stage)
        print("stage \(stage.rawValue) goes on")
    }
}
