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
    var tenant = "local"

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let cases = try await system.catalog.cases(dataSet: name, tenant: tenant, split: nil)
        guard !cases.isEmpty else {
            let remedy = try await system.remedyForMissing(dataSet: name, tenant: tenant)
            throw CommandFailure(.failed, "data set '\(name)' of tenant \(tenant) has no cases: \(remedy)")
        }
        let list: [JSONValue] = cases.map {
            [
                "name": JSONValue($0.name), "split": JSONValue($0.split),
                "preprocessing": JSONValue(orText: $0.planDigest),
                "image": StoredArtifact($0.image, in: system).document,
                "label": StoredArtifact($0.label, in: system).document,
            ]
        }
        output.show(["name": JSONValue(name), "tenant": JSONValue(tenant), "cases": JSONValue(list)]) {
            var table = TextTable("case", "split", ">image", ">label", "image's address")
            for one in cases {
                table.add(
                    one.name, one.split ?? "", Wording.bytes(one.image.byteCount), Wording.bytes(one.label.byteCount),
                    one.image.address)
            }
            print(table.text)
        }
    }
}
