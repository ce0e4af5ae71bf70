import ArgumentParser
import Console
import JobEngine
import Operations

struct JobsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one job: attempts, artifacts, parents, children, parameters.",
        discussion: "Example:\n  columna jobs show 1b4e28ba-2fa1-41d2-883f-0016d3cca427")

    @Argument(help: "The job's id.")
    var id: JobID

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let detail = try await JobDetail(id, in: system)
        output.show(detail.document) { detail.show() }
    }
}
