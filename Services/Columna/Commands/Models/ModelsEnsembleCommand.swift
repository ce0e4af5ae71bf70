import ArgumentParser
import Console
import Documents
import Operations
import Studies

/// `columna models ensemble`: versions of one plan as one version.
struct ModelsEnsembleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ensemble", abstract: "Join versions of one plan, such as folds, into one version.",
        discussion: """
            What it segments is decided by the mean of their logits, taken window by window before anything is resampled, as nnU-Net averages folds. It
            takes as many passes of a network as it has members, and the memory of their weights, but of one volume of logits. It is promoted,
            evaluated and exported (nnU-Net: one fold a member) as any version; lineage names its members.

            Example:
              columna models ensemble spine-folds spine@1 spine@2 spine@3 spine@4 spine@5
            """)

    @Argument(help: "The ensemble's name; it gets the next version.")
    var name: String

    @Argument(help: "Two versions or more: NAME or NAME@VERSION.")
    var versions: [ModelReference]

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard versions.count > 1 else { throw ValidationError("an ensemble is of two versions or more") }
    }

    func run() async throws {
        let made = try await EnsembleRegistration(name: name, of: versions, in: try SystemConnection())
        output.show(made.document) {
            print("made \(made.reference) of \(made.members.map(\.rawValue).joined(separator: ", "))")
            print(ModelsPromoteCommand.hint(made.reference))
        }
    }
}
