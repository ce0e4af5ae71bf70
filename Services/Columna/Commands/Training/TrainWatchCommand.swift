import ArgumentParser
import Console
import JobEngine
import Operations

struct TrainWatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Follow a training to its end, with its curves.",
        discussion: """
            On a terminal the loss and the validation Dice (without validation the Dice on patches) are drawn, and drawn again as it goes on; elsewhere each
            epoch is a line. The exit code tells how it ended: 0 succeeded, 1 not. Leaving (Ctrl-C) stops nothing.

            Examples:
              columna train watch spine
              columna train watch 1b4e28ba-2fa1-41d2-883f-0016d3cca427 --json
            """)

    @Argument(help: "The training's job, or its model: the newest training of NAME, or that which made NAME@VERSION.")
    var training: String

    @Option(help: "Whose, where several tenants train a model of that name.")
    var tenant: Tenant?

    @OptionGroup var timeout: TimeoutOption

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let id = try await system.training(named: training, tenant: tenant)
        try await TrainingWatch(id, in: system, timeoutInSeconds: timeout.seconds, output: output, as: .curves).follow()
    }
}
