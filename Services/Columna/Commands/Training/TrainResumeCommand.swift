import ArgumentParser
import Console
import Documents
import JobEngine
import Operations

struct TrainResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let a training go on from its last checkpoint, or for longer.",
        discussion: """
            A paused, dead or cancelled training goes on as the same job. One that was stopped, or gets more epochs than it was ordered with, goes on as a
            new job on the same cases, and leaves further versions. More epochs are possible where the learning rate does not follow from their number.

            Examples:
              columna train resume 1b4e28ba-2fa1-41d2-883f-0016d3cca427
              columna train resume spine --epochs 200
            """)

    @Argument(help: "The training's job, or its model: the newest training of NAME, or that which made NAME@VERSION.")
    var training: String

    @Option(help: "Whose, where several tenants train a model of that name.")
    var tenant: Tenant?

    @Option(help: "How many epochs in all; as many as it was ordered with when left out.", in: .from(1))
    var epochs: Int?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let resumed = try await system.resumeTraining(system.training(named: training, tenant: tenant), epochs: epochs)
        output.show(["job": JSONValue(resumed.job.description)]) {
            switch resumed {
            case .same(let id): print("training \(id) goes on; follow it with `columna train watch \(id)`")
            case .continued(let id, let former):
                print("training \(former) goes on as job \(id); follow it with `columna train watch \(id)`")
            }
        }
    }
}
