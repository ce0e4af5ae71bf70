import Anatomy
import ArgumentParser
import Console
import DICOMSegmentations
import DICOMSeries
import Documents
import Foundation
import LabelMaps
import Plausibility
import Threads

struct SegmentationExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a label map as a DICOM segmentation of the series it was drawn on.",
        discussion: """
            The label map's axes may run any way, as long as it lies on the grid of the series. Vertebrae get their SNOMED CT codes; patient and study are
            those of the images. The label map is judged as `columna segment` does, and one that needs review says so in the descriptions of series,
            content and segments; --unmarked leaves that out, for one that somebody has looked at.

            Examples:
              columna segmentation export labels.nii.gz --source ct-folder -o seg.dcm --model spine@3
            """)

    @Argument(help: "The label map (NIfTI, or a folder of one mask per vertebra).", completion: .file())
    var labels: String

    @Option(help: "How the labels are numbered: spine, totalsegmentator-v1, totalsegmentator-v2, verse or monai-label.")
    var numbering = Numbering.columna

    @Option(
        help: ArgumentHelp(
            "The DICOM series that was segmented: a folder, or a file of many frames.", valueName: "path"))
    var source: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the object.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("What made the labels.", valueName: "name@version"))
    var model = "columna@0"

    @Option(help: ArgumentHelp("When it did, as 2026-01-31T12:00:00Z; now when left out.", valueName: "time"))
    var date: String?

    @Flag(help: "Say nothing of what needs review.")
    var unmarked = false

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        let parts = model.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            throw ValidationError("--model must be NAME@VERSION, got '\(model)'")
        }
        if let date, (try? Date(date, strategy: .iso8601)) == nil {
            throw ValidationError("--date must be such as 2026-01-31T12:00:00Z, got '\(date)'")
        }
    }

    func run() async throws {
        try OutputFile.requireWritable("--output", output)
        let (labels, numbering, source, output, unmarked) = (labels, numbering, source, output, unmarked)
        let parts = model.split(separator: "@").map(String.init)
        let moment = ContentMoment(try date.map { try Date($0, strategy: .iso8601) } ?? Date())
        let (written, remarks, reasons) = try await OwnThread.run {
            let map = try Self.read(labels, numbering)
            let images = try DICOMFiles.with([source]) { try SourceSeries(files: $0, skippingOthers: true) }
            let findings =
                unmarked
                ? [] : PlausibilityReport(map.labels, labelSet: .spine25).findings.filter { $0.severity == .review }
            let review = ReviewMark(
                reasons: findings.map { ReviewMark.Reason(values: $0.labels, sentence: $0.sentence) })
            let written = try SegmentationObject.write(
                labels: map.labels, segments: Segment.segments(of: .spine25), source: images,
                algorithm: SegmentationAlgorithm(
                    name: parts[0], version: parts[1], software: "Columna \(Columna.configuration.version)"),
                contentDate: moment, review: review, to: URL(filePath: output))
            return (written, map.remarks, findings.map(\.sentence))
        }
        for line in remarks { remark("labels: \(line)") }
        for line in written.remarks { remark("source: \(line)") }
        outputOptions.show([
            "sop_instance_uid": JSONValue(written.sopInstance),
            "series_instance_uid": JSONValue(written.seriesInstance),
            "frames": JSONValue(written.frameCount),
            "segments": JSONValue(written.segments.map { JSONValue($0.label) }),
            "on_source_images": JSONValue(written.isOnSourceImages),
            "marked_for_review": JSONValue(reasons.map { JSONValue($0) }),
        ]) {
            print(
                "wrote \(output): \(written.frameCount) frames of \(written.segments.map(\.label).joined(separator: ", "))"
            )
            if !reasons.isEmpty { print("marked as needing review: \(reasons.joined(separator: "; "))") }
            if !written.isOnSourceImages {
                print("the label map does not lie on the images' own planes: frames refer to the nearest images")
            }
        }
    }

    @Sendable private static func read(_ path: String, _ numbering: Numbering) throws -> LabelMap {
        do {
            return try LabelMap(URL(filePath: path), numbering: numbering)
        } catch let error as NumberingError {
            throw CommandFailure(.badData, "\(path): \(error) (--numbering says how it is numbered)")
        }
    }
}
