import ArgumentParser
import Console
import JobEngine
import Operations

struct TrainStopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Ask a training to end with the best that it has so far.",
        discussion: """
            It ends after its current step, succeeds, and leaves its models. The wish is kept: a training whose worker is gone ends when another takes it,
            one that has not begun does one step, a paused one goes on to end. To end it without a model: `columna jobs cancel`; to go on later:
            `columna train resume`.

            Example:
              columna train stop spine
            """)

    @Argument(help: "The training's job, or its model: the newest training of NAME.")
    var training: String

    @Option(help: "Whose, where several tenants train a model of that name.")
    var tenant: Tenant?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let run = try await system.stopTraining(system.training(named: training, tenant: tenant))
        output.show(run.document) {
            print("training \(run.job.id) is asked to end with what it has, now \(run.job.state.rawValue)")
        }
    }
}
