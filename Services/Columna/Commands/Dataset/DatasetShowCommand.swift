import ArgumentParser
import Console
import Documents
import JobEngine
import Operations
import Studies

struct DatasetShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "List the network-ready cases of a data set.",
        discussion: """
            With a digest of each split: SHA-256 over the names of its cases and the addresses of their bytes, which names what a training ordered now would
            learn from. And how many of the cases that were ordered arrived, are under way or failed.

            Example:
              columna dataset show lumbar
            """)

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
            if !detail.cases.isEmpty { print(table.text) }
            var parts = TextTable("split", ">cases", "digest")
            for part in detail.splits + [detail.whole] { parts.add(part.split, "\(part.caseCount)", part.digest) }
            print(parts.text)
            if !detail.folds.isEmpty { print("\(detail.folds.count) folds, 0 to \(detail.folds.count - 1)") }
            if let sentence = detail.progress.sentence { print(sentence) }
            let missing = detail.progress.missing
            for one in missing.prefix(10) { print("\(one.name) is missing: \(one.reason ?? one.state.rawValue)") }
            for one in detail.progress.knownBroken.prefix(10) {
                print("\(one.name) was left out, known to be broken: \(one.reason ?? "no reason given")")
            }
            if max(missing.count, detail.progress.knownBroken.count) > 10 {
                print("… and more: `columna dataset check \(name)`")
            }
        }
    }
}
