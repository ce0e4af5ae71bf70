import ArgumentParser
import Console
import Foundation
import JobEngine
import Operations
import Studies

struct ModelsPromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote", abstract: "Make a version the one that NAME alone means.",
        discussion: """
            A training or an import makes a version that runs only where it is named in full (NAME@VERSION). Studies whose request or tenant names the
            model alone get the promoted version, and only what a promoted version segmented is delivered to archives.

            With --if-not-worse it is first measured beside the promoted version on held-out cases (as `columna compare` does), and promoted unless its mean
            Dice is lower by the paired t-test (p below 0.05); the figures are kept (analytics.model_gates), and the exit code is 1 where it is not promoted.

            Examples:
              columna models promote spine@3
              columna models promote spine@3 --if-not-worse --data-set lumbar --split test
            """)

    @Argument(help: "NAME@VERSION.")
    var model: ModelReference

    @Flag(help: "Only if it is not worse than the promoted version on the cases of --data-set.")
    var ifNotWorse = false

    @OptionGroup var options: EvaluationOptions

    @OptionGroup var timeout: TimeoutOption

    func validate() throws {
        guard ifNotWorse == (options.dataSet != nil) else {
            throw ValidationError(
                ifNotWorse
                    ? "name the data set whose held-out cases decide with --data-set"
                    : "--data-set says on what --if-not-worse decides: give both or neither")
        }
    }

    func run() async throws {
        try SystemConnection.requireVersion(of: model)
        guard ifNotWorse else {
            try await SystemConnection().promote(model)
            return print("\(model.name) now means \(model)")
        }
        let (system, request) = (try SystemConnection(), try options.request())
        let follower = Follower(system, timeoutInSeconds: timeout.seconds)
        guard let gate = try await system.promote(model, unlessWorseOn: request, follower) else {
            return print(
                "\(model.name) means \(model): no other version was promoted, so there is none to be worse than")
        }
        guard gate.isPassed else {
            throw CommandFailure(.failed, "\(model) is worse and not promoted: \(gate.sentence)")
        }
        print("\(model.name) now means \(model): \(gate.sentence)")
    }

    /// What whoever made a version must know.
    static func hint(_ reference: ModelReference) -> String {
        "it runs where it is named in full; `columna models promote \(reference)` makes it the one that the name alone means"
    }
}
