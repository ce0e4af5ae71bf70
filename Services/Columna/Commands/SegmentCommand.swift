import Anatomy
import ArgumentParser
import Foundation
import Plans
import Reports
import Segmentation
import TensorCore
import Volumes

/// `columna segment`: one study at one machine, without broker or database.
struct SegmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segment", abstract: "Segment one CT with a model file, without broker or database.",
        discussion: """
            The label map comes back on the CT's own grid.

            Examples:
              columna segment ct.nii.gz -o labels.nii.gz --model spine.safetensors
              columna segment folder -o out.nii.gz --model m.safetensors --picture out.png
            """)

    @Argument(help: "DICOM folder or file, or NIfTI file.", completion: .file())
    var input: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the label map: .nii or .nii.gz.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("The model: safetensors with its plan (`columna models export`).", valueName: "file"))
    var model: String

    @Option(help: ArgumentHelp("Where to write a picture: raw and overlay in three planes (PNG).", valueName: "file"))
    var picture: String?

    @Option(help: ArgumentHelp("Hash of the wanted series where the folder holds several.", valueName: "hash"))
    var series: String?

    @Option(help: ArgumentHelp("Refuse to start if more memory is going to be needed (default: the machine's).", valueName: "MiB"))
    var memoryLimit: Int?

    @Flag(help: "Leave out windows that hold only air by the model's plan; what they cover alone is background.")
    var skipAir = false

    @Flag(help: "Compute every convolution directly: about four times slower, a few more digits.")
    var exact = false

    @Flag(help: "Print one JSON document instead of a table.")
    var json = false

    func validate() throws {
        guard ImageSource.isWritable(output) else { throw ValidationError("--output must end in .nii or .nii.gz") }
        guard memoryLimit ?? 1 > 0 else { throw ValidationError("--memory-limit must be positive") }
    }

    func run() async throws {
        let command = self
        let progress = ProgressLine()
        progress.show(0, "reading the model and the CT")
        let clock = Stopwatch()
        let (result, labelSet) = try await OwnThread.run { try command.segment(progress) }
        progress.end()
        if json { print(document(result, labelSet, clock.seconds).text) } else { show(result, labelSet, clock.seconds) }
    }

    /// - Returns: the labels, and the set they are of; nil for a set without names.
    private func segment(_ progress: ProgressLine) throws -> (SegmentedVolume, LabelSet?) {
        defer { progress.end() }
        let model = try NamedFile("--model", model).read(ModelFile.model(from:))
        let labelSet = LabelSet.named(model.plan.labelSet)
        if picture != nil, labelSet == nil {
            throw CommandFailure(.usage, "--picture names vertebrae, and the model's label set \(model.plan.labelSet) has no names here: leave it out")
        }
        let image = try ImageSource(input, series: series).volume
        let segmenter = try Segmenter(
            model, skipsAir: skipAir, memoryLimitInBytes: memoryLimit.map { $0 << 20 } ?? Int(clamping: ProcessInfo.processInfo.physicalMemory),
            arithmetic: exact ? .exact : .fast)
        let network = try Preprocessor(model.plan).networkGeometry(of: image.geometry)
        progress.note("up to \(MemoryPlan.text(segmenter.memoryEstimate(network: network, original: image.geometry).bytes)) of memory will be needed")
        let clock = Stopwatch()
        let result = try segmenter.segment(image: image) {
            progress.show($0.fraction, "\($0), \(clock.text)")
        }
        try NIfTI.write(result.labels, to: URL(filePath: output))
        if let picture, let labelSet {
            try SpinePicture(labelSet: labelSet).png(ct: image, labels: result.labels).write(to: URL(filePath: picture), options: .atomic)
        }
        return (result, labelSet)
    }

    private func show(_ result: SegmentedVolume, _ labelSet: LabelSet?, _ seconds: Double) {
        var table = TextTable("class", ">value", ">voxels", ">ml", ">confidence")
        let voxel = result.labels.geometry.voxelVolumeInCubicMillimetres
        for one in result.classes where one.label > 0 && one.voxels > 0 {
            table.add(
                Self.name(one.label, labelSet), String(one.label), String(one.voxels), Wording.ratio(Double(one.voxels) * voxel / 1000, digits: 2),
                Wording.ratio(one.meanConfidence, digits: 3))
        }
        print(table.isEmpty ? "No vertebra was found." : table.text)
        print("wrote \(output) (\(windows(result)), \(Wording.duration(seconds)))\(picture.map { " and \($0)" } ?? "")")
    }

    private func document(_ result: SegmentedVolume, _ labelSet: LabelSet?, _ seconds: Double) -> JSONValue {
        let voxel = result.labels.geometry.voxelVolumeInCubicMillimetres
        let classes: [(key: String, value: JSONValue)] = result.classes.filter { $0.label > 0 }.map {
            (
                key: String($0.label),
                value: [
                    "name": JSONValue(Self.name($0.label, labelSet)), "voxels": JSONValue($0.voxels), "ml": JSONValue(Double($0.voxels) * voxel / 1000),
                    "mean_confidence": JSONValue($0.meanConfidence),
                ]
            )
        }
        return [
            "output": JSONValue(output), "picture": JSONValue(picture), "geometry": ImageSource.json(result.labels.geometry),
            "windows": JSONValue(result.windows), "skipped_windows": JSONValue(result.skippedWindows), "seconds": JSONValue(seconds), "classes": .object(classes),
        ]
    }

    private func windows(_ result: SegmentedVolume) -> String {
        skipAir ? "\(result.windows) windows, \(result.skippedWindows) of them skipped as air" : "\(result.windows) windows"
    }

    private static func name(_ label: Int, _ labelSet: LabelSet?) -> String { labelSet?.name(of: UInt8(clamping: label)) ?? "class \(label)" }
}
