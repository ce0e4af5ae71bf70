import ArgumentParser

struct JobsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one job: attempts, artifacts, parents, children, parameters.",
        discussion: "Example:\n  columna jobs show 1b4e28ba-2fa1-41d2-883f-0016d3cca427")

    @OptionGroup var shown: ShownJob

    func run() async throws { shown.show(try await shown.detail()) }
}
