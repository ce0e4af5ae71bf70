import ArgumentParser
import Console
import Documents
import Operations
import Studies

struct ModelsRollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Take a model's last promotion back.",
        discussion: """
            NAME alone means the version again that was promoted before the present one; once more, and it means the one before that. Nothing is
            deleted, and `columna models promote` makes any version the promoted one.

            Example:
              columna models rollback spine
            """)

    @Argument(help: "NAME.")
    var model: ModelReference

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (withdrawn, standing) = try await SystemConnection().rollBack(model)
        output.show(["withdrawn": JSONValue(withdrawn), "promoted": JSONValue(standing)]) {
            print("\(model.name) now means \(standing) again, and no longer \(withdrawn)")
        }
    }
}
