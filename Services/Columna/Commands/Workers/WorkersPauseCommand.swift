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
        let system = try SystemConnection()
        try await system.store.setPaused(true, stage: stage, actor: system.actor)
        await system.tellWorkers(.pause, .stage(stage))
        print("stage \(stage.rawValue) is paused")
    }
}
