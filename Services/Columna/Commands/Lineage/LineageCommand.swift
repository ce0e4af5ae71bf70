import ArgumentParser
import Console
import Documents
import Operations

/// `columna lineage`: from any result back to the bytes of the study, the model version and the code version that made
/// it.
struct LineageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lineage", abstract: "Walk from a job, study, artifact or model back to everything that made it.",
        discussion: """
            Examples:
              columna lineage 1b4e28ba-2fa1-41d2-883f-0016d3cca427
              columna lineage sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
              columna lineage spine@3 --json
            """)

    @Argument(help: "Id of a job or study, message id, address of an artifact (sha256:…), or model NAME[@VERSION].")
    var id: String

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let lineage = try await Lineage(of: id, in: try SystemConnection())
        output.show(lineage.document) {
            print(lineage.what)
            if lineage.jobs.isEmpty { print("└─ made elsewhere: no job wrote it") }
            for (index, tree) in lineage.jobs.enumerated() {
                tree.show(prefix: "", isLast: index == lineage.jobs.count - 1)
            }
        }
    }
}
