import ArgumentParser
import Console
import Documents
import JobEngine
import Operations

/// `columna dataset split`: says which cases models learn from and which they are measured on.
struct DatasetSplitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split", abstract: "Put cases of a data set into a split, by name or by lot.",
        discussion: """
            Models learn from the cases in train and from no others; `columna evaluate --split test` measures those in test. By lot, each case in train has
            that chance, by the hash of its name and the seed: the same call draws the same cases, and a case added later moves no other.

            Examples:
              columna dataset split lumbar --to test --fraction 0.1
              columna dataset split lumbar --to test --cases phantom-007,phantom-011
              columna dataset split lumbar --to train
            """)

    @Argument(help: "The data set's name.")
    var name: String

    @Option(help: "The split: train, test or a name of your own.")
    var to: String

    @Option(
        help: ArgumentHelp(
            "These cases, separated by commas; all when neither this nor --fraction is given.", valueName: "names"))
    var cases: String?

    @Option(help: "Draw cases from train, each with this chance, 0…1.", in: .from(0, to: 1))
    var fraction: Double?

    @Option(help: "What the lot follows from.")
    var seed: UInt64 = 0

    @Option(help: "Whose data set.")
    var tenant: Tenant = "local"

    @OptionGroup var output: OutputOptions

    func validate() throws {
        try usage { try DataSetSplit.requireName(to) }
        guard cases == nil || fraction == nil else { throw ValidationError("say --cases or --fraction, not both") }
    }

    func run() async throws {
        let split = DataSetSplit(dataSet: name, tenant: tenant, name: to)
        let count = try await split.assign(chosen, in: try SystemConnection())
        output.show(["data_set": JSONValue(name), "split": JSONValue(to), "assigned": JSONValue(count)]) {
            print("\(Wording.count(count, "case")) of data set \(name) put into \(to)")
        }
    }

    private var chosen: DataSetSplit.Chosen {
        if let cases { return .named(cases.split(separator: ",").map(String.init)) }
        return fraction.map { .drawn(fraction: $0, seed: seed) } ?? .all
    }
}
