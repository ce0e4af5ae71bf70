import ArgumentParser
import Console
import DICOMSeries
import Documents
import Foundation
import Threads
import Volumes

struct DICOMConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Write a CT series as NIfTI in Hounsfield units.",
        discussion: """
            Says what was decided and why: tilt corrected, spacing resampled, objects left out.

            Examples:
              columna dicom convert study-folder -o ct.nii.gz
              columna dicom convert study.zip -o ct.nii --missing-slices interpolate
            """)

    @OptionGroup var input: DICOMInputOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write: .nii or .nii.gz.", valueName: "file"))
    var output: String

    @OptionGroup var format: OutputOptions

    func validate() throws {
        guard ImageSource.isWritable(output) else { throw ValidationError("--output must end in .nii or .nii.gz") }
    }

    func run() async throws {
        let (input, output) = (input, output)
        try OutputFile.requireWritable("--output", output)
        let read = try await OwnThread.run {
            let read = try input.read()
            let target = URL(filePath: output)
            if let exact = read.int16Volume {
                try NIfTI.write(exact, to: target)
            } else {
                try NIfTI.write(read.volume, to: target)
            }
            return read
        }
        format.show(json(read)) {
            for decision in read.decisions { print(decision) }
            for skipped in read.skipped { print("skipped \(DICOMPresentation.line(skipped))") }
            print("wrote \(output): \(read.geometry)")
        }
    }

    private func json(_ read: DICOMSeries) -> JSONValue {
        [
            "output": JSONValue(output), "series_hash": JSONValue(read.seriesHash),
            "geometry": ImageSource.json(read.geometry),
            "voxel_type": JSONValue(read.isInt16Exact ? "int16" : "float32"),
            "is_resampled": JSONValue(read.isResampled),
            "decisions": JSONValue(read.decisions.map { JSONValue($0) }),
            "skipped": DICOMPresentation.json(read.skipped),
        ]
    }
}
