import ArgumentParser
import Console
import JobEngine
import Messaging
import Operations

struct WorkersPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Start no more jobs of a stage; running ones go on.",
        discussion: "Example:\n  columna workers pause training")

    @Argument(help: "ingestion, preprocessing, training, inference or evaluation.")
    var stage: Stage

    func run() async throws {
        try await SystemConnection().setPaused(true, stage: stage)
        print("stage \(stage.rawValue) is paused")
    }
}
