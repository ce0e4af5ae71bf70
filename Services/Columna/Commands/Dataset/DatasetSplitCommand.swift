import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Operations
import Studies

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

    @Option(help: "Draw cases from train, each with this chance, 0…1.")
    var fraction: Double?

    @Option(help: "What the lot follows from.")
    var seed: UInt64 = 0

    @Option(help: "Whose data set.")
    var tenant = "local"

    @OptionGroup var output: OutputOptions

    func validate() throws {
        try Self.require(to)
        guard cases == nil || fraction == nil else { throw ValidationError("say --cases or --fraction, not both") }
        if let fraction, !(0...1).contains(fraction) {
            throw ValidationError("--fraction must lie in 0…1, got \(fraction)")
        }
    }

    static func require(_ split: String) throws {
        guard split.wholeMatch(of: /[a-z][a-z0-9-]{0,31}/) != nil, split != allCases else {
            throw ValidationError(
                "'\(split)' cannot name a split: expected up to 32 lower-case letters, digits and '-', the first a letter, and not '\(allCases)'"
            )
        }
    }

    /// What `columna evaluate --split` calls the whole data set.
    static let allCases = "all"

    func run() async throws {
        let system = try SystemConnection()
        let known = try await system.catalog.cases(dataSet: name, tenant: tenant, split: nil)
        guard !known.isEmpty else {
            let remedy = try await system.remedyForMissing(dataSet: name, tenant: tenant)
            throw CommandFailure(.failed, "data set '\(name)' of tenant \(tenant) has no cases: \(remedy)")
        }
        let chosen = try chosen(known)
        let count = try await system.catalog.assign(chosen, to: to, dataSet: name, tenant: tenant, actor: system.actor)
        output.show(["data_set": JSONValue(name), "split": JSONValue(to), "assigned": JSONValue(count)]) {
            print("\(Wording.count(count, "case")) of data set \(name) put into \(to)")
        }
    }

    /// Nil: all.
    private func chosen(_ known: [DataSetCase]) throws -> [String]? {
        if let cases {
            let names = cases.split(separator: ",").map(String.init)
            let strangers = Set(names).subtracting(known.map(\.name)).sorted()
            guard strangers.isEmpty else {
                throw CommandFailure(
                    .badData,
                    "data set '\(name)' has no case \(strangers.joined(separator: ", ")); see `columna dataset show \(name)`"
                )
            }
            return names
        }
        guard let fraction else { return nil }
        return known.filter { $0.split == DataSetCase.trainingSplit && Double(lot($0.name) >> 11) * 0x1p-53 < fraction }
            .map(\.name)
    }

    /// FNV-1a over seed and name, finished by a multiplication so that near names lie far apart.
    private func lot(_ name: String) -> UInt64 {
        var hash = 0xcbf2_9ce4_8422_2325 ^ (seed &* 0x9e37_79b9_7f4a_7c15)
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        hash = (hash ^ (hash >> 32)) &* 0xd6e8_feb8_6659_fd93
        return hash ^ (hash >> 32)
    }
}
