import ArgumentParser
import Console
import JobEngine
import Operations

struct DeadShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a dead job: why, after how many attempts, with which input.",
        discussion: "Example:\n  columna dead show 1b4e28ba-2fa1-41d2-883f-0016d3cca427")

    @OptionGroup var shown: ShownJob

    func run() async throws {
        let (id, detail) = (shown.id, try await shown.detail())
        guard detail.job.state == .dead else {
            throw CommandFailure(
                .failed, "job \(id) is \(detail.job.state.rawValue), not dead; see `columna jobs show \(id)`")
        }
        shown.show(detail)
        guard !shown.output.json else { return }
        let isRefused = detail.isRefusedMessage
        print(
            "\ntry again: columna dead replay \(id)"
                + (isRefused ? "   (publishes the message to the intake again, as it was)" : ""))
        print("give up:   columna dead discard \(id)")
    }
}
