import ArgumentParser
import Console
import Documents
import JobEngine
import Operations
import Studies

struct DatasetListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List data sets.", discussion: "Example:\n  columna dataset list --json")

    @Option(help: "Only those of this tenant.")
    var tenant: Tenant?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let sets = try await SystemConnection().dataSets(tenant: tenant)
        output.show(["data_sets": JSONValue(sets.map(\.document))]) {
            guard !sets.isEmpty else { return print("No data sets: make one with `columna dataset import`.") }
            var table = TextTable("data set", "tenant", ">cases", ">not there yet")
            for one in sets {
                table.add(
                    one.name, one.tenant.rawValue, "\(one.caseCount)", one.absentCount == 0 ? "" : "\(one.absentCount)")
            }
            print(table.text)
        }
    }
}
