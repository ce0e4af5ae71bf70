import ArgumentParser

@main
struct Columna: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "columna", abstract: "Spines from CT, by job queue.", subcommands: [LocalCommand.self])
}
