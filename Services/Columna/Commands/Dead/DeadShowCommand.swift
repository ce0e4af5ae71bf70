import ArgumentParser
import Console
import JobEngine
import Messaging
import Operations

struct DeadShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a dead job: why, after how many attempts, with which input.",
        discussion: "Example:\n  columna dead show 1b4e28ba-2fa1-41d2-883f-0016d3cca427")

    @Argument(help: "The job's id.")
    var id: JobID

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let detail = try await JobDetail(id, in: system)
        guard detail.job.state == .dead else {
            throw CommandFailure(
                .failed, "job \(id) is \(detail.job.state.rawValue), not dead; see `columna jobs show \(id)`")
        }
        output.show(detail.document) { detail.show() }
        guard !output.json else { return }
        let isRefused = detail.isRefusedMessage
        print(
            "\ntry again: columna dead replay \(id)"
                + (isRefused ? "   (publishes the message to the intake again, as it was)" : ""))
        print("give up:   columna dead discard \(id)")
    }
}
