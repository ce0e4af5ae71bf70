import Anatomy
import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Operations
import Plans
import Plausibility
import PublicModels
import Reports
import Segmentation
import Studies
import TensorCore
import Threads
import Volumes

/// `columna segment`: one study at one machine, without broker or database.
struct SegmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segment", abstract: "Segment one CT, without broker or database.",
        discussion: """
            The label map comes back on the CT's own grid, with what is implausible about it.

            Examples:
              columna segment ct.nii.gz -o labels.nii.gz
              columna segment ct.nii.gz -o labels.nii.gz --model spine.safetensors
              columna segment folder -o out.nii.gz --model m.safetensors --picture out.png
              columna segment ct.nii.gz -o labels.nii.gz --model m.safetensors --names network
            """)

    @Argument(help: "DICOM folder or file, or NIfTI file.", completion: .file())
    var input: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write the label map: .nii or .nii.gz.", valueName: "file"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "The model: safetensors with its plan (`columna models export`, or `columna models get … -o`). (default: the starter model that comes with the program)",
            valueName: "file"))
    var model: String?

    @Option(help: ArgumentHelp("Where to write a picture: raw and overlay in three planes (PNG).", valueName: "file"))
    var picture: String?

    @Option(help: ArgumentHelp("Hash of the wanted series where the folder holds several.", valueName: "hash"))
    var series: String?

    @Option(
        help: ArgumentHelp(
            "Refuse to start if more memory is going to be needed (default: the machine's).", valueName: "MiB"),
        in: .mebibytes)
    var memoryLimit: Int?

    @Flag(help: "Leave out windows that hold only air by the model's plan; what they cover alone is background.")
    var skipAir = false

    @Flag(
        help: "Mend what leaves no doubt: crumbs, pieces of a neighbour, swapped neighbours. What was done is printed.")
    var repair = false

    @Option(
        help: ArgumentHelp(
            "Where the vertebrae's names come from: network, or anatomy: what fits best along the whole spine (default: anatomy, where the model's labels are vertebrae).",
            valueName: "source"))
    var names: NameSource?

    @Flag(help: "Compute every convolution directly: about four times slower, a few more digits.")
    var exact = false

    @Flag(help: "Print one JSON document instead of a table.")
    var json = false

    func validate() throws {
        guard ImageSource.isWritable(output) else { throw ValidationError("--output must end in .nii or .nii.gz") }
    }

    func run() async throws {
        try OutputFile.requireWritable("--output", output)
        if let picture { try OutputFile.requireWritable("--picture", picture) }
        let command = self
        let progress = ProgressLine()
        progress.show(0, "reading the model and the CT")
        let clock = Stopwatch()
        let result = try await OwnThread.run { try command.segment(progress) }
        progress.end()
        if !json { for line in result.decisions { remark(line) } }
        if json { print(document(result, clock.seconds).text) } else { show(result, clock.seconds) }
    }

    private struct Outcome: Sendable {
        var segmented: SegmentedVolume
        /// Nil for a set without names; then nothing is known of its anatomy either.
        var labelSet: LabelSet?
        var judged: JudgedLabels?
        /// What was decided or assumed in reading the CT.
        var decisions: [String] = []

        /// What was written.
        var labels: Volume<UInt8> { judged?.labels ?? segmented.labels }

        func certainty(of one: ClassSummary) -> (confidence: Double?, entropy: Double?) {
            judged?.certainty(of: UInt8(clamping: one.label)) ?? (one.meanConfidence, one.meanEntropy)
        }

        var findings: [SegmentationJudgement.Finding] {
            judged?.report.findings.map {
                SegmentationJudgement.Finding(
                    kind: $0.kind.rawValue, severity: $0.severity == .review ? .review : .information,
                    classValues: $0.labels.map(Int.init),
                    sentence: $0.sentence)
            } ?? []
        }
    }

    private func segment(_ progress: ProgressLine) throws -> Outcome {
        defer { progress.end() }
        let model = try NamedFile("--model", model ?? StarterModel.file().path).read(ModelFile.model(from:))
        if self.model == nil { remark(StarterModel.remark) }
        let labelSet = LabelSet.named(model.plan.labelSet)
        if labelSet == nil {
            let asked = [(picture != nil, "--picture"), (repair, "--repair"), (names == .anatomy, "--names anatomy")]
            if let (_, option) = asked.first(where: \.0) {
                throw CommandFailure(
                    .usage,
                    "\(option) is for vertebrae, and the model's label set \(model.plan.labelSet) has no names here: leave it out"
                )
            }
        }
        let source = try ImageSource(input, series: series)
        let image = source.volume
        let segmenter = try Segmenter(
            model, skipsAir: skipAir, gathersVotes: labelSet != nil && nameSource == .anatomy,
            memoryLimitInBytes: memoryLimit.map { $0 << 20 } ?? Int(clamping: ProcessInfo.processInfo.physicalMemory),
            arithmetic: exact ? .exact : .fast)
        let network = try Preprocessor(model.plan).networkGeometry(of: image.geometry)
        progress.note(
            "up to \(MemoryPlan.text(segmenter.memoryEstimate(network: network, original: image.geometry).bytes)) of memory will be needed"
        )
        let clock = Stopwatch()
        let result = try segmenter.segment(image: image) {
            progress.show($0.fraction, "\($0), \(clock.text)")
        }
        let outcome = Outcome(
            segmented: result, labelSet: labelSet, judged: labelSet.map { judged(result, $0) },
            decisions: source.decisions)
        try NIfTI.write(outcome.labels, to: URL(filePath: output))
        if let picture, let labelSet {
            try SpinePicture(labelSet: labelSet).png(ct: image, labels: outcome.labels).write(
                to: URL(filePath: picture), options: .atomic)
        }
        return outcome
    }

    private func judged(_ result: SegmentedVolume, _ labelSet: LabelSet) -> JudgedLabels {
        JudgedLabels(
            result.labels, labelSet: labelSet, votes: result.votes, meanConfidence: result.meanConfidenceByLabel,
            meanEntropy: result.meanEntropyByLabel, namesByAnatomy: nameSource == .anatomy, repairs: repair)
    }

    private var nameSource: NameSource { names ?? .usual }

    private func show(_ outcome: Outcome, _ seconds: Double) {
        var table = TextTable("class", ">value", ">voxels", ">ml", ">confidence", ">entropy")
        for one in outcome.segmented.classes where one.label > 0 && voxels(of: one, outcome) > 0 {
            table.add(
                Self.name(one.label, outcome.labelSet), String(one.label), String(voxels(of: one, outcome)),
                Wording.ratio(millilitres(of: one, outcome), digits: 2),
                Wording.ratio(outcome.certainty(of: one).confidence, digits: 3),
                Wording.ratio(outcome.certainty(of: one).entropy, digits: 3))
        }
        print(table.isEmpty ? "No vertebra was found." : table.text)
        PlausibilityPresentation.show(
            findings: outcome.findings, repairs: outcome.judged?.repair?.steps.map(\.sentence))
        print(
            "wrote \(output) (\(windows(outcome.segmented)), \(Wording.duration(seconds)))\(picture.map { " and \($0)" } ?? "")"
        )
    }

    private func document(_ outcome: Outcome, _ seconds: Double) -> JSONValue {
        let classes: [(key: String, value: JSONValue)] = outcome.segmented.classes.filter { $0.label > 0 }.map { one in
            let vertebra = outcome.judged?.report.vertebrae.first { Int($0.label.value) == one.label }
            return (
                key: String(one.label),
                value: [
                    "name": JSONValue(Self.name(one.label, outcome.labelSet)),
                    "voxels": JSONValue(voxels(of: one, outcome)),
                    "ml": JSONValue(millilitres(of: one, outcome)),
                    "mean_confidence": JSONValue(outcome.certainty(of: one).confidence),
                    "mean_entropy": JSONValue(outcome.certainty(of: one).entropy),
                    "components": JSONValue(vertebra?.componentCount),
                    "largest_share": JSONValue(vertebra?.largestShare),
                    "is_cut": vertebra.map { JSONValue($0.isCut) } ?? nil,
                ]
            )
        }
        return [
            "output": JSONValue(output), "picture": JSONValue(picture),
            "geometry": ImageSource.json(outcome.labels.geometry),
            "decisions": JSONValue(outcome.decisions.map { JSONValue($0) }),
            "windows": JSONValue(outcome.segmented.windows),
            "skipped_windows": JSONValue(outcome.segmented.skippedWindows),
            "seconds": JSONValue(seconds),
            "needs_review": outcome.judged.map { JSONValue($0.report.needsReview) } ?? nil,
            "findings": JSONValue(outcome.findings.map(\.document)),
            "repairs": outcome.judged?.repair.map {
                JSONValue(
                    $0.steps.map {
                        SegmentationJudgement.Repair(
                            kind: $0.kind.rawValue, classValues: $0.labels.map(Int.init), voxels: $0.voxels,
                            sentence: $0.sentence
                        ).document
                    })
            } ?? nil,
            "names": JSONValue(
                outcome.judged?.names == nil ? NameSource.network.rawValue : NameSource.anatomy.rawValue),
            "vertebrae": outcome.judged?.names.map { JSONValue($0.vertebrae.map(Self.document)) } ?? nil,
            "classes": .object(classes),
        ]
    }

    /// A vertebra that anatomy named, and why.
    private static func document(_ one: AnatomicalNames.Vertebra) -> JSONValue {
        [
            "name": JSONValue(one.name), "value": JSONValue(one.value.map(Int.init)),
            "network_name": JSONValue(one.networkName), "network_share": JSONValue(one.networkShare),
            "ml": JSONValue(one.volumeInMillilitres), "because": JSONValue(one.because),
        ]
    }

    /// In what was written.
    private func voxels(of one: ClassSummary, _ outcome: Outcome) -> Int {
        guard let report = outcome.judged?.report else { return one.voxels }
        return report.vertebrae.first { Int($0.label.value) == one.label }?.voxels ?? 0
    }

    private func millilitres(of one: ClassSummary, _ outcome: Outcome) -> Double {
        Double(voxels(of: one, outcome)) * outcome.labels.geometry.voxelVolumeInCubicMillimetres / 1000
    }

    private func windows(_ result: SegmentedVolume) -> String {
        skipAir
            ? "\(result.windows) windows, \(result.skippedWindows) of them skipped as air" : "\(result.windows) windows"
    }

    private static func name(_ label: Int, _ labelSet: LabelSet?) -> String {
        labelSet?.name(of: UInt8(clamping: label)) ?? "class \(label)"
    }
}
