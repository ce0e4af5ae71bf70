import ArgumentParser
import Foundation
import JobEngine

/// `columna dataset …`: labelled cases that models are trained on.
struct DatasetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset", abstract: "Import, list, show and split data sets.",
        subcommands: [
            DatasetImportCommand.self, DatasetListCommand.self, DatasetShowCommand.self, DatasetSplitCommand.self,
        ], defaultSubcommand: DatasetListCommand.self)
}

struct DatasetListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List data sets.", discussion: "Example:\n  columna dataset list --json")

    @Option(help: "Only those of this tenant.")
    var tenant: String?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let sets = try await SystemConnection().catalog.dataSets(tenant: tenant)
        let list: [JSONValue] = sets.map {
            ["name": JSONValue($0.name), "tenant": JSONValue($0.tenant), "case_count": JSONValue($0.caseCount)]
        }
        output.show(["data_sets": JSONValue(list)]) {
            guard !sets.isEmpty else { return print("No data sets: make one with `columna dataset import`.") }
            var table = TextTable("data set", "tenant", ">cases")
            for one in sets { table.add(one.name, one.tenant, String(one.caseCount)) }
            print(table.text)
        }
    }
}

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
                "preprocessing": JSONValue(parsing: $0.planDigest), "image": JobPresentation.json($0.image, system),
                "label": JobPresentation.json($0.label, system),
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
