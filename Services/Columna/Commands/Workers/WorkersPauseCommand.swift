import ArgumentParser

struct WorkersPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Start no more jobs of a stage; running ones go on.",
        discussion: "Example:\n  columna workers pause training")

    @OptionGroup var paused: PausedStage

    func run() async throws { try await paused.set(paused: true) }
}
