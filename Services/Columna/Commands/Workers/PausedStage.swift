import ArgumentParser
import Console
import JobEngine
import Operations

/// The stage that rests, or goes on.
struct PausedStage: ParsableArguments {
    @Argument(help: "ingestion, preprocessing, training, inference or evaluation.")
    var stage: Stage

    func set(paused: Bool) async throws {
        try await SystemConnection().setPaused(paused, stage: stage)
        print("stage \(stage.rawValue) \(paused ? "is paused" : "goes on")")
    }
}
