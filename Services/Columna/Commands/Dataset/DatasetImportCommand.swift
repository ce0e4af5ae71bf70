import Anatomy
import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import LabelMaps
import Operations
import Plans
import Studies
import Threads

/// `columna dataset import`: makes labelled CTs network-ready, one job per case.
struct DatasetImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import one labelled CT or a folder of them into a data set.",
        discussion: """
            Known formats (--format, guessed where it is clear): columna, NAME/ct.nii.gz or NAME/ct/ (DICOM) with NAME/labels.nii.gz, as `columna phantom`
            writes them; totalsegmentator, s0000/ct.nii.gz with s0000/segmentations/vertebrae_*.nii.gz; nnunet, imagesTr and labelsTr (or imagesTs and labelsTs,
            named by imagesTs); monai, a datalist.json or dataset.json; verse-bids, rawdata and derivatives; verse-flat, verse004.nii.gz and verse004_seg.nii.gz;
            pairs, the folders images and labels, one folder of NAME.nii.gz and NAME_seg.nii.gz, or a table with the columns image, label and, if it likes, name
            and split. Labels are in spine-25 (C1…C7 = 1…7, T1…T12 = 8…19, L1…L5 = 20…24, sacrum 25) unless --numbering says otherwise. A vertebra that spine-25
            does not have (L6, T13) counts as background; that is recorded with the case, see `columna dataset check`. The files must lie inside
            COLUMNA_INPUT_ROOTS of the ingestion worker or, where its site file names tenants, inside the tenant's input-roots there. It reads them later: leave
            them as they are until the cases are imported.

            A case that cannot be read does not stop the others. The same order given again goes on where it was left: what arrived is left out, what failed is
            tried again. Exit code 0: all cases that were meant are there (without --wait: submitted); 1: some are not, and it is said which and why.

            Examples:
              columna dataset import phantoms --data-set lumbar --wait
              columna dataset import ct.nii.gz --label labels.nii.gz --data-set lumbar
              columna dataset import Totalsegmentator_dataset_v201 --data-set total --split-from meta --sacrum without-s1
              columna dataset import ct.nii.gz --label corrected.nii.gz --data-set lumbar --replace
              columna dataset import Dataset001/imagesTs --data-set total --split test
              columna dataset import Verse --format verse-bids --data-set verse --wait
              columna dataset import scans --label truths --data-set own
              columna dataset import cases.csv --data-set own
            """)

    @Argument(
        help: "A CT (NIfTI, DICOM folder) with --label, a folder of cases, or a file that names them.",
        completion: .file())
    var path: String

    @Option(
        help: ArgumentHelp(
            "The CT's labels on its grid: NIfTI, or a folder of one mask per vertebra. For a folder of images the folder of their labels.",
            valueName: "file"))
    var label: String?

    @Option(help: "The data set to import into; it need not exist.")
    var dataSet: String

    @Option(name: .customLong("case"), help: "The pseudonym of the case; from the file's name when left out.")
    var caseName: String?

    @Option(
        help:
            "What the cases are for: models learn from train only; test is what they are measured on. When left out new cases go where a list or table says, else to train."
    )
    var split: String?

    @Option(
        help: ArgumentHelp(
            "How the folder holds its cases: \(DataSetFormat.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "format"))
    var format: DataSetFormat?

    @Option(help: "meta: the split of TotalSegmentator's meta.csv is taken.")
    var splitFrom: OfficialSplit?

    @Option(
        help: "Of TotalSegmentator's data set, for its known broken cases: v1, v2.0.0 or v2.0.1; guessed when left out."
    )
    var release: TotalSegmentatorRelease?

    @Flag(help: "Import cases that are known to be broken as well.")
    var includeKnownBroken = false

    @Option(
        help:
            "Where S1 has a label of its own: with-s1 (when left out) counts it as sacrum, without-s1 as background."
    )
    var sacrum: SacrumExtent?

    @Option(
        help:
            "How the labels are numbered: spine (when left out), totalsegmentator-v1, totalsegmentator-v2, verse or monai-label."
    )
    var numbering: Numbering?

    @Option(help: ArgumentHelp("The plan to preprocess by (JSON); the default plan when left out.", valueName: "file"))
    var plan: String?

    @Option(help: "Whose data set.")
    var tenant: Tenant = "local"

    @Option(help: "urgent, routine or bulk.")
    var priority = Priority.bulk

    @Flag(help: "Leave out cases that the data set has already.")
    var skipExisting = false

    @Flag(help: "Import cases that the data set has already anew; the new ones replace them.")
    var replace = false

    @Flag(help: "Wait until all cases have ended, and say what became of them.")
    var wait = false

    @OptionGroup var timeout: TimeoutOption

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if caseName != nil, label == nil { throw ValidationError("--case names a single CT, which needs --label") }
        guard !skipExisting || !replace else { throw ValidationError("say --skip-existing or --replace, not both") }
        guard label == nil || (format == nil && splitFrom == nil && release == nil && !includeKnownBroken) else {
            throw ValidationError(
                "--format and what belongs to one are for folders of cases: leave them out with --label")
        }
        try usage { try asked.requireNames(case: caseName) }
    }

    func run() async throws {
        var asked = asked
        asked.plan = try plan.map { try NamedFile("--plan", $0).read(Plan.init(json:)) }
        let (contents, order) = try await OwnThread.run { [asked] in
            var order = asked
            return (try read(&order), order)
        }
        let system = try SystemConnection()
        let source = URL(filePath: path).standardizedFileURL
        let wanted = try await order.wanted(
            contents, from: label == nil && isFolder(source) ? source : source.deletingLastPathComponent(), in: system)
        let progress = ProgressLine()
        var submitted = wanted.underWay
        for (index, one) in wanted.cases.enumerated() {
            progress.show(
                Double(index) / Double(wanted.cases.count), "submitting case \(index + 1) of \(wanted.cases.count)")
            submitted.append(ImportedCases.Case(name: one.name, study: try await order.submit(one, in: system)))
        }
        progress.end()
        try await recordFolds(of: contents, in: system)
        let ordered = ImportedCases(order, submitted, of: contents, arrivedBefore: wanted.arrivedCount)
        guard wait else { return try show(ordered, "submitted to") }
        let follower = StudyFollower(system, progress: progress, timeoutInSeconds: timeout.seconds)
        let states = try await follower.follow(all: submitted.map(\.study))
        try show(try await ordered.ended(states, in: system), "imported into")
    }

    private func recordFolds(of contents: DataSetContents, in system: SystemConnection) async throws {
        guard split == nil, !contents.folds.isEmpty else { return }
        try await system.catalog.record(contents.folds, of: dataSet, tenant: tenant, actor: system.actor)
        remark("columna: the list's \(contents.folds.count) folds are recorded")
    }

    private var asked: DataSetImport {
        var order = DataSetImport(dataSet: dataSet, tenant: tenant)
        order.split = split
        order.numbering = numbering
        order.priority = priority
        order.format = format
        order.release = release
        order.sacrum = sacrum
        order.includesKnownBroken = includeKnownBroken
        order.takesOfficialSplit = splitFrom == .meta
        order.known = replace ? .replaced : skipExisting ? .leftOut : .refused
        return order
    }

    /// What is to be imported, and with `order` how.
    private func read(_ order: inout DataSetImport) throws -> DataSetContents {
        let source = URL(filePath: path).standardizedFileURL
        func say(_ sentence: String) { remark("columna: \(sentence)") }
        guard let label = label.map({ URL(filePath: $0).standardizedFileURL }) else {
            return try order.contents(of: source, remark: say)
        }
        if isFolder(label), isFolder(source), MaskFolder(label) == nil {
            return try order.contents(images: source, labels: label, remark: say)
        }
        return try order.contents(LabelledCase(name: caseName, image: source, label: label))
    }

    private func isFolder(_ place: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private func show(_ result: ImportedCases, _ done: String) throws {
        output.show(result.document) {
            for one in result.knownBroken { print("\(one.name): left out, known to be broken: \(one.reason)") }
            for one in result.unreadable { print("\(one.name): left out: \(one.reason)") }
            for (name, reason) in result.failures { print("\(name): \(reason)") }
            let parts = [
                (result.arrivedBefore, "there already"), (result.knownBroken.count, "known to be broken"),
                (result.unreadable.count, "not readable"), (result.failures.count, "failed"),
            ].filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }.joined()
            let count = result.cases.count - result.failures.count
            let cases = result.cases.isEmpty ? "no case" : "\(count) of \(Wording.count(result.cases.count, "case"))"
            print("\(cases) \(done) data set \(dataSet)\(parts)")
        }
        if result.isIncomplete { throw ExitCode(1) }
    }
}

enum OfficialSplit: String, DescribedArgument, CaseIterable { case meta }
