import ArgumentParser
import DICOM
import Foundation
import Volumes

/// `columna dicom …`: look into DICOM folders.
struct DICOMCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dicom", abstract: "Describe and convert DICOM series.", subcommands: [DICOMInfoCommand.self, DICOMConvertCommand.self])
}

struct DICOMInfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "List the image series of a folder; read and describe one.",
        discussion: """
            Nothing that identifies a patient is printed. The exit code is 65 when the series cannot be read as one CT volume.

            Examples:
              columna dicom info study-folder
              columna dicom info study-folder --series 3f2a9c0d11e4b7aa --json
            """)

    @Argument(help: "DICOM folder or file.", completion: .directory)
    var path: String

    @Option(help: ArgumentHelp("Hash of the series to read; needed where there are several.", valueName: "hash"))
    var series: String?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (path, series) = (path, series)
        let list = try await OwnThread.run { try DICOMReader.listSeries(at: URL(filePath: path)) }
        let computed = list.filter { $0.modality == "CT" }
        let read = computed.count == 1 || series != nil ? try await OwnThread.run { try DICOMReader.readSeries(at: URL(filePath: path), series: series) } : nil
        output.show(["series": JSONValue(list.map(Self.json)), "volume": read.map(Self.json) ?? nil]) { show(list, read) }
    }

    private func show(_ list: [SeriesSummary], _ read: DICOMSeries?) {
        var table = TextTable("series", "study", "modality", ">objects", "size")
        for one in list { table.add(one.hash, one.studyHash, one.modality, String(one.instanceCount), "\(one.columns)×\(one.rows)") }
        print(list.isEmpty ? "No image series." : table.text)
        guard let read else { return print("\nname one with --series to read it") }
        let tags = read.tags
        var facts = TextTable("fact", "value")
        facts.add("read", read.seriesHash)
        facts.add("grid", read.volume.geometry.description)
        facts.add("made by", [tags.manufacturer, tags.model].compactMap { $0 }.joined(separator: ", "))
        facts.add("tube", tags.kilovolts.map { "\($0) kV" } ?? "-")
        facts.add("slice thickness", tags.sliceThicknessInMillimetres.map { "\($0) mm" } ?? "-")
        facts.add("kernel", Wording.text(tags.convolutionKernel))
        facts.add("gantry tilt", tags.gantryTiltInDegrees.map { "\($0)°" } ?? "-")
        facts.add("transfer syntax", tags.transferSyntax)
        if let (low, high) = Self.range(read.volume.voxels) { facts.add("values", "\(low) to \(high) HU") }
        for skipped in read.skipped { facts.add("skipped", skipped.description) }
        print("\n" + facts.text)
    }

    private static func range(_ voxels: [Float]) -> (Float, Float)? {
        guard let low = voxels.min(), let high = voxels.max() else { return nil }
        return (low, high)
    }

    private static func json(_ one: SeriesSummary) -> JSONValue {
        [
            "hash": JSONValue(one.hash), "study_hash": JSONValue(one.studyHash), "modality": JSONValue(one.modality),
            "instance_count": JSONValue(one.instanceCount), "rows": JSONValue(one.rows), "columns": JSONValue(one.columns),
            "is_multi_frame": JSONValue(one.isMultiFrame),
        ]
    }

    private static func json(_ read: DICOMSeries) -> JSONValue {
        let tags = read.tags
        return [
            "series_hash": JSONValue(read.seriesHash), "study_hash": JSONValue(read.studyHash), "instance_count": JSONValue(read.instanceCount),
            "geometry": ImageSource.json(read.volume.geometry), "modality": JSONValue(tags.modality),
            "manufacturer": JSONValue(tags.manufacturer), "model": JSONValue(tags.model), "kilovolts": JSONValue(tags.kilovolts),
            "slice_thickness_mm": JSONValue(tags.sliceThicknessInMillimetres), "convolution_kernel": JSONValue(tags.convolutionKernel),
            "gantry_tilt_degrees": JSONValue(tags.gantryTiltInDegrees), "window_centre": JSONValue(tags.windowCentre),
            "window_width": JSONValue(tags.windowWidth), "transfer_syntax": JSONValue(tags.transferSyntax),
            "minimum_hu": JSONValue(read.volume.voxels.min().map(Double.init)), "maximum_hu": JSONValue(read.volume.voxels.max().map(Double.init)),
            "skipped": JSONValue(read.skipped.map { JSONValue($0.description) }),
        ]
    }
}

struct DICOMConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Write a CT series as NIfTI in Hounsfield units.",
        discussion: "Example:\n  columna dicom convert study-folder -o ct.nii.gz")

    @Argument(help: "DICOM folder or file.", completion: .directory)
    var path: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write: .nii or .nii.gz.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("Hash of the series where the folder holds several.", valueName: "hash"))
    var series: String?

    func validate() throws {
        guard ImageSource.isNIfTI(output) else { throw ValidationError("--output must end in .nii or .nii.gz") }
    }

    func run() async throws {
        let (path, output, series) = (path, output, series)
        let read = try await OwnThread.run {
            let read = try DICOMReader.readSeries(at: URL(filePath: path), series: series)
            try ImageSource.write(read.volume, isInt16Exact: read.isInt16Exact, to: output)
            return read
        }
        for skipped in read.skipped { remark("columna: skipped \(skipped)") }
        print("wrote \(output): \(read.volume.geometry)")
    }
}
