import Anatomy
import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Operations
import Plans
import Threads

/// `columna dataset import`: makes labelled CTs network-ready, one job per case.
struct DatasetImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import one labelled CT or a folder of them into a data set.",
        discussion: """
            Known folders: NAME/ct.nii.gz or NAME/ct/ (DICOM) with NAME/labels.nii.gz (as `columna phantom` writes them);
            TotalSegmentator's s0000/ct.nii.gz with s0000/segmentations/vertebrae_*.nii.gz; nnU-Net's imagesTr and labelsTr (or imagesTs
            and labelsTs, named by imagesTs); VerSe's rawdata and derivatives.
            Labels are in spine-25 (C1…C7 = 1…7, T1…T12 = 8…19, L1…L5 = 20…24, sacrum 25) unless --numbering says otherwise. A vertebra that
            spine-25 does not have (L6, T13) counts as background, which is said. The files must lie inside COLUMNA_INPUT_ROOTS of the
            ingestion worker or, where its site file names tenants, inside the tenant's input-roots there. It reads them later: leave
            them as they are until the cases are imported.

            Examples:
              columna dataset import phantoms --data-set lumbar --wait
              columna dataset import ct.nii.gz --label labels.nii.gz --data-set lumbar
              columna dataset import Totalsegmentator --data-set total --skip-existing
              columna dataset import ct.nii.gz --label corrected.nii.gz --data-set lumbar --replace
              columna dataset import Dataset001/imagesTs --data-set total --split test
              columna dataset import Verse --data-set verse --numbering verse --wait
            """)

    @Argument(help: "A CT (NIfTI, DICOM folder) with --label, or a folder of cases.", completion: .file())
    var path: String

    @Option(
        help: ArgumentHelp(
            "The CT's labels on its grid: NIfTI, or a folder of one mask per vertebra.", valueName: "file"))
    var label: String?

    @Option(help: "The data set to import into; it need not exist.")
    var dataSet: String

    @Option(name: .customLong("case"), help: "The pseudonym of the case; from the file's name when left out.")
    var caseName: String?

    @Option(
        help:
            "What the cases are for: models learn from train only; test is what they are measured on. New cases go to train when left out."
    )
    var split: String?

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

    @Flag(help: "Wait until all cases have ended; exit code 1 if one of them died.")
    var wait = false

    @OptionGroup var timeout: TimeoutOption

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if caseName != nil, label == nil { throw ValidationError("--case names a single CT, which needs --label") }
        guard !skipExisting || !replace else { throw ValidationError("say --skip-existing or --replace, not both") }
        try usage { try order.requireNames(case: caseName) }
    }

    func run() async throws {
        var order = order
        order.plan = try plan.map { try NamedFile("--plan", $0).read(Plan.init(json:)) }
        let found = try await OwnThread.run { [order] in try labelled(order) }
        let system = try SystemConnection()
        let source = URL(filePath: path).standardizedFileURL
        let cases = try await order.wanted(
            found, from: label == nil ? source : source.deletingLastPathComponent(), in: system)
        let progress = ProgressLine()
        var submitted: [ImportedCases.Case] = []
        for (index, one) in cases.enumerated() {
            progress.show(Double(index) / Double(cases.count), "submitting case \(index + 1) of \(cases.count)")
            submitted.append(ImportedCases.Case(name: one.name, study: try await order.submit(one, in: system)))
        }
        progress.end()
        guard wait else {
            return output.show(ImportedCases(order, submitted).document) {
                print("\(Wording.count(submitted.count, "case")) submitted to data set \(dataSet)")
            }
        }
        let follower = StudyFollower(system, progress: progress, timeoutInSeconds: timeout.seconds)
        let states = try await follower.follow(all: submitted.map(\.study))
        try show(try await ImportedCases(order, submitted, states: states, in: system))
    }

    private var order: DataSetImport {
        var order = DataSetImport(dataSet: dataSet, tenant: tenant)
        order.split = split
        order.numbering = numbering
        order.priority = priority
        order.known = replace ? .replaced : skipExisting ? .leftOut : .refused
        return order
    }

    private func labelled(_ order: DataSetImport) throws -> [LabelledCase] {
        let source = URL(filePath: path).standardizedFileURL
        let cases =
            try label.map {
                [try LabelledCase(name: caseName, image: source, label: URL(filePath: $0).standardizedFileURL)]
            } ?? order.cases(of: source) { remark("columna: \($0)") }
        try usage { try order.requireReadable(cases) }
        return cases
    }

    private func show(_ result: ImportedCases) throws {
        output.show(result.document) {
            for (name, reason) in result.failures { print("\(name): \(reason)") }
            print(
                "\(result.cases.count - result.failures.count) of \(Wording.count(result.cases.count, "case")) imported into data set \(dataSet)"
            )
        }
        if !result.failures.isEmpty { throw ExitCode(1) }
    }
}
