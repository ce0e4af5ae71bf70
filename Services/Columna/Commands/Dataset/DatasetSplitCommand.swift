import ArgumentParser
import Console
import Documents
import JobEngine
import Operations
import Studies

/// `columna dataset split`: says which cases models learn from and which they are measured on.
struct DatasetSplitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split", abstract: "Put cases of a data set into a split, or divide it into folds.",
        discussion: """
            Models learn from the cases in train and from no others; `columna evaluate --split test` measures those in test. By lot, cases leave train by the
            hash of their name and the seed: the same call on the same cases draws the same ones. With --fraction each has that chance, and a case added later
            moves no other; with --count so many are drawn. --folds divides the cases in train as nnU-Net does (scikit-learn's KFold, shuffled by 12345 unless
            --seed says otherwise); a training takes one of them with `--fold`. --file does as a file says: a table with the columns name and split
            (TotalSegmentator's meta.csv is one), JSON {"train": [NAME, …], "test": […]}, or nnU-Net's splits_final.json, which makes folds.

            Examples:
              columna dataset split total --to test --count 108 --seed 7
              columna dataset split lumbar --to test --fraction 0.1
              columna dataset split lumbar --to test --cases phantom-007,phantom-011
              columna dataset split lumbar --to train
              columna dataset split lumbar --folds 5
              columna dataset split lumbar --file splits_final.json
            """)

    @Argument(help: "The data set's name.")
    var name: String

    @Option(help: "The split: train, val, test or a name of your own.")
    var to: String?

    @Option(
        help: ArgumentHelp(
            "These cases, separated by commas; all when no choice is given.", valueName: "names"))
    var cases: String?

    @Option(help: "Draw cases from train, each with this chance, 0…1.", in: .from(0, to: 1))
    var fraction: Double?

    @Option(help: "Draw so many cases from train.", in: .from(1, to: 1_000_000))
    var count: Int?

    @Option(help: "Divide the cases in train into so many folds.", in: .from(2, to: 1000))
    var folds: Int?

    @Option(help: ArgumentHelp("A file that says what each case is for.", valueName: "file"), completion: .file())
    var file: String?

    @Option(help: "What the lot follows from: 0 when left out, for folds 12345.")
    var seed: UInt64?

    @Option(help: "Whose data set.")
    var tenant: Tenant = "local"

    @OptionGroup var output: OutputOptions

    func validate() throws {
        try usage { try to.map(DataSetSplit.requireName) }
        let choices = [
            cases.map { _ in "--cases" }, fraction.map { _ in "--fraction" }, count.map { _ in "--count" },
            folds.map { _ in "--folds" }, file.map { _ in "--file" },
        ].compactMap { $0 }
        guard choices.count < 2 else {
            throw ValidationError("say one of \(choices.joined(separator: " and ")), not both")
        }
        let needsNoName = folds != nil || file != nil
        guard needsNoName != (to != nil) else {
            throw ValidationError(
                needsNoName
                    ? "--to names one split, and \(choices[0]) makes several: leave one of them out"
                    : "say --to with the split, --folds with how many folds, or --file")
        }
        guard seed == nil || fraction != nil || count != nil || folds != nil else {
            throw ValidationError("--seed is for --fraction, --count and --folds: nothing else is drawn by lot")
        }
        guard folds == nil || seed ?? 0 <= UInt32.max else {
            throw ValidationError("--seed of folds is at most \(UInt32.max), as NumPy's is")
        }
    }

    func run() async throws {
        if let folds { return try await divide(folds) }
        let system = try SystemConnection()
        if let file {
            let said = try NamedFile("--file", file).read(SplitFile.init)
            let assigned = try await system.apply(said, to: name, tenant: tenant)
            return output.show([
                "data_set": JSONValue(name), "assigned": JSONValue(assigned), "folds": JSONValue(said.folds.count),
            ]) {
                print(
                    "\(Wording.count(assigned, "case")) of data set \(name) put where \(file) says"
                        + (said.folds.isEmpty ? "" : ", \(said.folds.count) folds"))
            }
        }
        guard let to else { return }
        let split = DataSetSplit(dataSet: name, tenant: tenant, name: to)
        let assigned = try await split.assign(chosen, in: system)
        output.show(["data_set": JSONValue(name), "split": JSONValue(to), "assigned": JSONValue(assigned)]) {
            print("\(Wording.count(assigned, "case")) of data set \(name) put into \(to)")
        }
    }

    private func divide(_ count: Int) async throws {
        let made = try await SystemConnection().makeFolds(
            count, seed: seed.map { UInt32($0) } ?? DataSetFold.customarySeed, of: name, tenant: tenant)
        output.show(["data_set": JSONValue(name), "folds": JSONValue(made.map(\.document))]) {
            var table = TextTable("fold", ">train", ">val", "validated on")
            for fold in made {
                let names = fold.validation
                table.add(
                    "\(fold.number)", "\(fold.training.count)", "\(names.count)",
                    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " …" : ""))
            }
            print(table.text)
        }
    }

    private var chosen: DataSetSplit.Chosen {
        if let cases { return .named(cases.split(separator: ",").map(String.init)) }
        if let count { return .counted(count, seed: seed ?? 0) }
        return fraction.map { .drawn(fraction: $0, seed: seed ?? 0) } ?? .all
    }
}
