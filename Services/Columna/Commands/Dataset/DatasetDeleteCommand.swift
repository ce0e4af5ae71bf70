import ArgumentParser
import Console
import Documents
import JobEngine
import Operations

/// `columna dataset delete`: takes cases out of a data set.
struct DatasetDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Take cases, or all of them, out of a data set.",
        discussion: """
            What was ordered before goes on: a training or an evaluation has the cases as they were when it was ordered, and their bytes stay in storage for
            the lineage of what was made from them. Cases whose import is under way arrive still.

            Examples:
              columna dataset delete lumbar --cases phantom-007,phantom-011
              columna dataset delete lumbar --all
            """)

    @Argument(help: "The data set's name.")
    var name: String

    @Option(help: ArgumentHelp("These cases, separated by commas.", valueName: "names"))
    var cases: String?

    @Flag(help: "All cases, and with them the data set.")
    var all = false

    @Option(help: "Whose data set.")
    var tenant: Tenant = "local"

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard all != (cases != nil) else { throw ValidationError("say --cases or --all, one of them") }
    }

    func run() async throws {
        let names = cases?.split(separator: ",").map(String.init)
        let count = try await SystemConnection().deleteCases(names, of: name, tenant: tenant)
        output.show(["data_set": JSONValue(name), "deleted": JSONValue(count)]) {
            print("\(Wording.count(count, "case")) taken out of data set \(name)")
        }
    }
}
