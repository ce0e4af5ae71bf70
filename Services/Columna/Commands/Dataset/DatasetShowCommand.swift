import ArgumentParser
import Console
import Documents
import JobEngine
import Operations
import Studies

struct DatasetShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "List the network-ready cases of a data set.",
        discussion: "Example:\n  columna dataset show lumbar")

    @Argument(help: "The data set's name.")
    var name: String

    @Option(help: "Whose data set.")
    var tenant: Tenant = "local"

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let detail = try await DataSetDetail(name, tenant: tenant, in: try SystemConnection())
        output.show(detail.document) {
            var table = TextTable("case", "split", ">image", ">label", "image's address")
            for one in detail.cases {
                table.add(
                    one.name, one.split ?? "", Wording.bytes(one.image.byteCount), Wording.bytes(one.label.byteCount),
                    one.image.address.rawValue)
            }
            print(table.text)
        }
    }
}
