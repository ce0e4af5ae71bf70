import ArgumentParser
import Console
import DICOMSeries
import Documents
import Foundation
import Threads
import Volumes

struct DICOMInfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "List the image series of a folder; read and describe one.",
        discussion: """
            Says what was decided and why, and what is no image. Nothing that identifies a patient is printed. The exit code is 65 when
            the series cannot be read as one CT volume.

            Examples:
              columna dicom info study-folder
              columna dicom info study.zip --series 3f2a9c0d11e4b7aa --json
            """)

    @OptionGroup var input: DICOMInputOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let input = input
        let study = try await OwnThread.run { try DICOMReader.listStudy(at: input.location) }
        let candidates = study.series.filter { $0.modality == "CT" && !$0.isDerived }
        let isClear = candidates.count == 1 || study.series.count == 1 || input.series != nil
        if !output.json { show(study.series) }
        let read = isClear ? try await OwnThread.run { try input.read() } : nil
        output.show(json(study, read)) {
            if let read { return show(read) }
            for skipped in study.skipped { print("skipped \(DICOMPresentation.line(skipped))") }
            print("\nname one with --series to read it")
        }
    }

    private func show(_ list: [SeriesSummary]) {
        var table = TextTable("series", "study", "modality", ">slices", ">objects", "size", "kind")
        for one in list {
            table.add(
                one.hash, one.studyHash, one.modality, String(one.sliceCount), String(one.instanceCount),
                "\(one.columns)×\(one.rows)",
                one.isDerived ? "derived" : "original")
        }
        print(list.isEmpty ? "No image series." : table.text)
    }

    private func show(_ read: DICOMSeries) {
        let tags = read.tags
        var facts = TextTable("fact", "value")
        facts.add("read", read.seriesHash)
        facts.add("grid", read.geometry.description)
        facts.add("made by", [tags.manufacturer, tags.model].compactMap { $0 }.joined(separator: ", "))
        facts.add("tube", tags.kilovolts.map { "\($0) kV" } ?? "-")
        facts.add("slice thickness", tags.sliceThicknessInMillimetres.map { "\($0) mm" } ?? "-")
        facts.add("kernel", Wording.text(tags.convolutionKernel))
        facts.add("gantry tilt", tags.gantryTiltInDegrees.map { "\($0)°" } ?? "-")
        facts.add("transfer syntax", tags.transferSyntax)
        if let (low, high) = Self.range(read) { facts.add("values", "\(low) to \(high) HU") }
        for decision in read.decisions { facts.add("decided", decision) }
        for skipped in read.skipped { facts.add("skipped", DICOMPresentation.line(skipped)) }
        print("\n" + facts.text)
    }

    private static func range(_ read: DICOMSeries) -> (Float, Float)? {
        if let exact = read.int16Volume?.voxels {
            guard let low = exact.min(), let high = exact.max() else { return nil }
            return (Float(low), Float(high))
        }
        let voxels = read.volume.voxels
        guard let low = voxels.min(), let high = voxels.max() else { return nil }
        return (low, high)
    }

    private func json(
        _ study: (series: [SeriesSummary], skipped: [SkippedObjects], decisions: [String]), _ read: DICOMSeries?
    ) -> JSONValue {
        [
            "series": JSONValue(study.series.map(Self.json)),
            "skipped": DICOMPresentation.json(read?.skipped ?? study.skipped),
            "decisions": JSONValue((read?.decisions ?? study.decisions).map { JSONValue($0) }),
            "volume": read.map(Self.json) ?? nil,
        ]
    }

    private static func json(_ one: SeriesSummary) -> JSONValue {
        [
            "hash": JSONValue(one.hash), "study_hash": JSONValue(one.studyHash), "modality": JSONValue(one.modality),
            "instance_count": JSONValue(one.instanceCount), "slice_count": JSONValue(one.sliceCount),
            "rows": JSONValue(one.rows),
            "columns": JSONValue(one.columns), "is_multi_frame": JSONValue(one.isMultiFrame),
            "is_derived": JSONValue(one.isDerived),
        ]
    }

    private static func json(_ read: DICOMSeries) -> JSONValue {
        let (tags, range) = (read.tags, range(read))
        return [
            "series_hash": JSONValue(read.seriesHash), "study_hash": JSONValue(read.studyHash),
            "instance_count": JSONValue(read.instanceCount),
            "geometry": ImageSource.json(read.geometry), "is_resampled": JSONValue(read.isResampled),
            "modality": JSONValue(tags.modality),
            "manufacturer": JSONValue(tags.manufacturer), "model": JSONValue(tags.model),
            "kilovolts": JSONValue(tags.kilovolts),
            "slice_thickness_mm": JSONValue(tags.sliceThicknessInMillimetres),
            "convolution_kernel": JSONValue(tags.convolutionKernel),
            "gantry_tilt_degrees": JSONValue(tags.gantryTiltInDegrees), "window_centre": JSONValue(tags.windowCentre),
            "window_width": JSONValue(tags.windowWidth), "transfer_syntax": JSONValue(tags.transferSyntax),
            "minimum_hu": JSONValue(range.map { Double($0.0) }), "maximum_hu": JSONValue(range.map { Double($0.1) }),
        ]
    }
}
