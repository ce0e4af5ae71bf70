import ArgumentParser

struct WorkersResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let a paused stage go on.",
        discussion: "Example:\n  columna workers resume training")

    @OptionGroup var paused: PausedStage

    func run() async throws { try await paused.set(paused: false) }
}
