package import Foundation
import Volumes

/// Reads a DICOM study from disk. All calls block and decode on all cores; call them from a thread of your own.
package enum DICOMReader {
    /// The libraries in use and their versions.
    package static var libraryVersions: String { DICOMFile.libraryVersions }

    /// The image series under a file or folder, in the order of their hashes. Localizers, reports and the like are left out.
    ///
    /// - Throws: `DICOMError`: `fileMissing`, `fileNotReadable`, `emptyFolder`, `notDICOM`, `truncated`, `corrupt`.
    package static func listSeries(at location: URL) throws(DICOMError) -> [SeriesSummary] {
        DICOMReader.group(try DICOMScan(location)).map(\.summary)
    }

    /// Reads one series of a file or folder (with all folders in it) as a volume.
    ///
    /// - Parameters:
    ///   - series: hash of the series to read (`SeriesSummary.hash`). Without it there must be exactly one series of an allowed
    ///     modality; images of other modalities are then listed as skipped.
    ///   - modalities: what is accepted; anything else is an error that names the modality.
    /// - Throws: `DICOMError`, never anything about the patient in its description.
    package static func readSeries(
        at location: URL, series: String? = nil, modalities: Set<String> = ["CT"]
    ) throws(DICOMError) -> DICOMSeries {
        var scan = try DICOMScan(location)
        let groups = group(scan)
        let chosen = try choose(series, among: groups, modalities: modalities, location: location, skipped: scan.skipped)
        for other in groups where other.summary.hash != chosen.summary.hash {
            scan.skip(.otherSeries, modality: other.summary.modality, count: other.headers.count)
        }
        guard !chosen.headers.contains(where: \.isMultiFrame) else {
            throw DICOMError(
                .multiFrame, "enhanced multi-frame \(chosen.summary.modality) is not supported yet: send it as single-frame objects",
                path: location.path)
        }
        let stack = try SliceStack(chosen.headers)
        let pixels = try SlicePixels(stack)
        let first = stack.slices[0]
        return DICOMSeries(
            volume: Volume(geometry: stack.geometry, voxels: pixels.values), isInt16Exact: pixels.isInt16Exact,
            tags: SeriesTags(file: try DICOMFile(path: first.path), header: first), skipped: scan.skipped,
            studyHash: chosen.summary.studyHash, seriesHash: chosen.summary.hash, instanceCount: stack.slices.count)
    }

    private typealias SeriesGroup = (summary: SeriesSummary, headers: [SliceHeader])

    private static func group(_ scan: DICOMScan) -> [SeriesGroup] {
        Dictionary(grouping: scan.images, by: \.series).values.compactMap { headers -> SeriesGroup? in
            guard let first = headers.first else { return nil }
            let summary = SeriesSummary(
                hash: IdentifierHash.hash(first.series), studyHash: IdentifierHash.hash(first.study), modality: first.modality,
                instanceCount: headers.count, rows: first.layout.rows, columns: first.layout.columns,
                isMultiFrame: headers.contains(where: \.isMultiFrame))
            return (summary, headers)
        }
        .sorted { $0.summary.hash < $1.summary.hash }
    }

    private static func choose(
        _ series: String?, among groups: [SeriesGroup], modalities: Set<String>, location: URL, skipped: [SkippedObjects]
    ) throws(DICOMError) -> SeriesGroup {
        let wanted = modalities.sorted().joined(separator: " or ")
        guard !groups.isEmpty else {
            let found = skipped.map(\.description).joined(separator: ", ")
            throw DICOMError(.noImages, "study holds no \(wanted) images: found \(found)", path: location.path)
        }
        let list = groups.map(\.summary.description).joined(separator: "; ")
        if let series {
            guard let chosen = groups.first(where: { $0.summary.hash == series }) else {
                throw DICOMError(.unknownSeries, "study holds no series \(series.prefix(64)): found \(list)", path: location.path)
            }
            guard modalities.contains(chosen.summary.modality) else { throw wrongModality([chosen], wanted, location) }
            return chosen
        }
        let candidates = groups.filter { modalities.contains($0.summary.modality) }
        guard let only = candidates.first else { throw wrongModality(groups, wanted, location) }
        guard candidates.count == 1 else {
            throw DICOMError(
                .severalSeries, "study holds \(candidates.count) \(wanted) series, choose one by its hash: \(list)", path: location.path)
        }
        return only
    }

    private static func wrongModality(_ groups: [SeriesGroup], _ wanted: String, _ location: URL) -> DICOMError {
        let found = Set(groups.map(\.summary.modality)).sorted().joined(separator: ", ")
        return DICOMError(.unsupportedModality, "modality is \(found), expected \(wanted)", path: location.path)
    }
}
