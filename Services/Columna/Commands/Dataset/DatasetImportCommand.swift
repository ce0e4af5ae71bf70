import Anatomy
import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import LabelMaps
import Operations
import Plans
import Registry
import Site
import Studies
import Threads
import Volumes

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
    var tenant = "local"

    @Option(help: "urgent, routine or bulk.")
    var priority = Priority.bulk

    @Flag(help: "Leave out cases that the data set has already.")
    var skipExisting = false

    @Flag(help: "Import cases that the data set has already anew; the new ones replace them.")
    var replace = false

    @Flag(help: "Wait until all cases have ended; exit code 1 if one of them died.")
    var wait = false

    @Option(help: ArgumentHelp("With --wait: give up after so long (exit code 75).", valueName: "seconds"))
    var timeout: Double?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if caseName != nil, label == nil { throw ValidationError("--case names a single CT, which needs --label") }
        guard !skipExisting || !replace else { throw ValidationError("say --skip-existing or --replace, not both") }
        if let split { try DatasetSplitCommand.require(split) }
        for name in [dataSet] + (caseName.map { [$0] } ?? []) { try Self.requireName(name) }
    }

    func run() async throws {
        let planJSON = try plan.map {
            try String(decoding: NamedFile("--plan", $0).read(Plan.init(json:)).json(), as: UTF8.self)
        }
        let layout = try label == nil ? DataSetLayout(URL(filePath: path).standardizedFileURL) : nil
        for line in layout?.remarks ?? [] { remark("columna: \(line)") }
        if layout?.isVerSe == true, numbering == nil {
            throw CommandFailure(
                .usage,
                "labels of this layout are numbered as VerSe publishes them: say --numbering verse, or --numbering spine where they were renumbered"
            )
        }
        if numbering == nil, let other = layout?.stated?.contradiction(to: .columna) {
            throw CommandFailure(
                .badData,
                "dataset.json calls \(other): say --numbering, or renumber the labels first (--numbering spine takes the values as they are)"
            )
        }
        var cases = try layout?.cases ?? [singleCase()]
        for one in cases {
            try Self.requireName(one.name)
            // Reading says best why not.
            for file in [one.image, one.label] where !FileManager.default.fileExists(atPath: file.path) {
                _ = try NIfTI.readHeader(file)
            }
        }
        let system = try SystemConnection()
        if !replace {
            let known = Set(try await system.catalog.cases(dataSet: dataSet, tenant: tenant, split: nil).map(\.name))
            let repeated = cases.filter { known.contains($0.name) }
            guard skipExisting || repeated.isEmpty else {
                throw CommandFailure(
                    .badData,
                    "data set \(dataSet) has \(repeated[0].name)\(repeated.count > 1 ? " and \(repeated.count - 1) more" : "") already: say --skip-existing to leave such cases out, or --replace"
                )
            }
            cases.removeAll { known.contains($0.name) }
        }
        if let one = cases.first { try warnIfOutside(one.image, system) }
        try await remarkOnLosses(cases)
        if cases.isEmpty { remark("columna: data set \(dataSet) has all of these cases already") }
        let progress = ProgressLine()
        var studies: [(name: String, study: UUID)] = []
        for (index, one) in cases.enumerated() {
            progress.show(Double(index) / Double(cases.count), "submitting case \(index + 1) of \(cases.count)")
            studies.append((one.name, try await submit(one, planJSON, system)))
        }
        progress.end()
        guard wait else {
            output.show(json(studies, [:])) {
                print("\(Wording.count(studies.count, "case")) submitted to data set \(dataSet)")
            }
            return
        }
        try await showResults(studies, StudyFollower(system, progress: progress, timeoutInSeconds: timeout))
    }

    /// The local stack's roots are known here, and a tenant's where `COLUMNA_SITE` is set; those of a deployment's
    /// worker are its own.
    private func warnIfOutside(_ image: URL, _ system: SystemConnection) throws {
        let site = try system.site()
        let isTenants = site?.tenants.isEmpty == false
        let roots = isTenants ? site?.policy(of: tenant).inputRoots.map { URL(filePath: $0) } : system.inputRoots
        let place = image.resolvingSymlinksInPath().standardizedFileURL.pathComponents
        guard let roots,
            !roots.contains(where: {
                place.starts(with: $0.resolvingSymlinksInPath().standardizedFileURL.pathComponents)
            })
        else { return }
        let source = URL(filePath: path).standardizedFileURL
        let folder = label == nil ? source : source.deletingLastPathComponent()
        let (forAll, forTenant) = (
            "`columna local up --input-root '\(folder.path)'`",
            "add it to tenants.\(tenant).input-roots in the site file"
        )
        // A site file that ingestion alone knows is not seen here.
        let remedy =
            isTenants
            ? forTenant
            : site == nil ? "\(forAll), or, if ingestion has a site file with tenants, \(forTenant)" : forAll
        remark("columna: ingestion may not read \(folder.path), it will refuse the cases: \(remedy)")
    }

    private func singleCase() throws -> LabelledCase {
        let (source, label) = (URL(filePath: path).standardizedFileURL, URL(filePath: label ?? "").standardizedFileURL)
        for file in [source, label] where !FileManager.default.fileExists(atPath: file.path) {
            throw CommandFailure(.badData, "there is no such file: \(file.path)")
        }
        return LabelledCase(
            name: caseName ?? DataSetLayout.stem(source.lastPathComponent) ?? source.lastPathComponent, image: source,
            label: label)
    }

    /// Ingestion says so too, with the case; here it is said to whoever can still choose another numbering, or add up
    /// what is lost.
    private func remarkOnLosses(_ cases: [LabelledCase]) async throws {
        let numbering = numbering ?? .columna
        var tally = LossTally()
        for one in cases where MaskFolder(one.label).map(\.hasStrangers) ?? (numbering != .columna) {
            tally.add(
                try await OwnThread.run { try LossTally.losses(of: one.label, numbering: numbering) },
                of: "case \(one.name)")
        }
        if let sentence = tally.sentence { remark("columna: \(sentence), and models learn that it is") }
    }

    /// Every import is a study of its own, so that with --replace a corrected label is imported anew.
    private func submit(_ one: LabelledCase, _ planJSON: String?, _ system: SystemConnection) async throws -> UUID {
        let order = StudyOrder(
            pipeline: .import, dataSet: dataSet, caseName: one.name, split: split, planJSON: planJSON)
        let id = UUID()
        let study = Study(
            id: id, tenant: tenant, pipeline: .import, messageID: "dataset-import/\(id.uuidString.lowercased())")
        let parameters = IngestStudy(
            order: order, path: one.image.path(percentEncoded: false), labelPath: one.label.path(percentEncoded: false),
            numbering: numbering?.rawValue)
        _ = try await PostgresStudies(pool: system.pool).submit(
            study,
            first: JobRequest(parameters, tenant: tenant, priority: priority, study: id))
        return id
    }

    private func showResults(_ studies: [(name: String, study: UUID)], _ follower: StudyFollower) async throws {
        let states = try await follower.follow(all: studies.map(\.study))
        var reasons: [(name: String, reason: String)] = []
        for (name, study) in studies where states[study] != .succeeded {
            let report = try await StudyReport(study, in: follower.system)
            reasons.append((name, report.failures.last?.failure?.description ?? report.study.state.rawValue))
        }
        output.show(json(studies, states)) {
            for (name, reason) in reasons { print("\(name): \(reason)") }
            print(
                "\(studies.count - reasons.count) of \(Wording.count(studies.count, "case")) imported into data set \(dataSet)"
            )
        }
        if !reasons.isEmpty { throw ExitCode(1) }
    }

    private func json(_ studies: [(name: String, study: UUID)], _ states: [UUID: StudyState]) -> JSONValue {
        let list: [JSONValue] = studies.map {
            [
                "name": JSONValue($0.name), "study": JSONValue($0.study),
                "state": JSONValue(states[$0.study]?.rawValue ?? "submitted"),
            ]
        }
        return ["data_set": JSONValue(dataSet), "tenant": JSONValue(tenant), "cases": JSONValue(list)]
    }

    private static func requireName(_ name: String) throws {
        guard name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,63}/) != nil else {
            throw ValidationError(
                "'\(name)' cannot name a data set or a case: expected up to 64 letters, digits, '.', '-', '_', the first a letter or digit"
            )
        }
    }
}
