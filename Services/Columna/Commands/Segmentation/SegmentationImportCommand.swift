import Anatomy
import ArgumentParser
import Documents
import Foundation
import Console
import DICOMSegmentations
import Documents
import Foundation
import Threads
import Volumes

struct SegmentationImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Read a DICOM segmentation as a label map.",
        discussion: """
            Vertebrae are known by their SNOMED codes, or by their labels where the code is a general one such as tissue, and get the values of spine-25;
            other segments are named and left out. Binary segmentations, label maps, and fractional ones that hold 0 and the maximum only are read.

            Examples:
              columna segmentation import seg.dcm -o labels.nii.gz --like ct.nii.gz
              columna segmentation import seg.dcm -o labels.nii.gz --numbers --overlap lowest
            """)

    @Argument(help: "DICOM segmentation.", completion: .file())
    var input: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write: .nii or .nii.gz.", valueName: "file"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "A volume on whose grid to lay the labels; the smallest grid that holds them when left out.",
            valueName: "volume"))
    var like: String?

    @Flag(help: "Give segments their numbers as values, whatever they are of.")
    var numbers = false

    @Option(help: "Whose voxels are that several segments claim: refuse, lowest or highest number.")
    var overlap = SegmentationReading.Overlap.refuse

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard ImageSource.isWritable(output) else { throw ValidationError("--output must end in .nii or .nii.gz") }
    }

    func run() async throws {
        try OutputFile.requireWritable("--output", output)
        let (input, output, like, numbers, overlap) = (input, output, like, numbers, overlap)
        let reading = try await OwnThread.run {
            let grid = try like.map {
                try ImageSource.isNIfTI($0)
                    ? NIfTI.readHeader(URL(filePath: $0)).geometry : ImageSource($0).volume.geometry
            }
            let reading = try SegmentationObject.read(
                URL(filePath: input), on: grid, labelSet: numbers ? nil : .spine25, overlap: overlap)
            guard !reading.segments.isEmpty else {
                throw CommandFailure(
                    .badData,
                    "\(input): none of its segments (\(reading.unknownSegments.joined(separator: ", "))) is of spine-25: --numbers reads them"
                )
            }
            try NIfTI.write(reading.labels, to: URL(filePath: output))
            return reading
        }
        outputOptions.show([
            "geometry": ImageSource.json(reading.labels.geometry),
            "segments": JSONValue(
                reading.segments.map { segment -> JSONValue in
                    ["value": JSONValue(Int(segment.value)), "label": JSONValue(segment.label)]
                }),
            "assumptions": JSONValue(reading.assumptions.map { JSONValue($0) }),
            "unknown_segments": JSONValue(reading.unknownSegments.map { JSONValue($0) }),
            "overlapping_voxels": JSONValue(reading.overlappingVoxelCount),
        ]) {
            print("wrote \(output): \(reading.labels.geometry)")
            print("segments: \(reading.segments.map { "\($0.value) \($0.label)" }.joined(separator: ", "))")
            for assumption in reading.assumptions { print("assumed: \(assumption)") }
            if !reading.unknownSegments.isEmpty {
                print(
                    "left out, since spine-25 does not have them: \(reading.unknownSegments.joined(separator: ", ")) (--numbers keeps them)"
                )
            }
        }
    }
}

extension SegmentationReading.Overlap: DescribedArgument {}
