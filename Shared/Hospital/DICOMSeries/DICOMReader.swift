import Faults
package import Foundation
import Volumes

/// Reads a DICOM study from disk. All calls block and decode on all cores; call them from a thread of your own.
package enum DICOMReader {
    /// The libraries in use and their versions.
    package static var libraryVersions: String { DICOMFile.libraryVersions }

    /// The image series under a file, folder or zip archive, in the order of their hashes. Localizers, reports and the
    /// like are left out.
    ///
    /// - Throws: `DICOMError`: `fileMissing`, `fileNotReadable`, `emptyFolder`, `badArchive`, `notDICOM`, `truncated`,
    ///   `corrupt`, `tooLarge`.
    package static func listSeries(
        at location: URL, names: IdentifierNames = IdentifierNames()
    ) throws(DICOMError) -> [SeriesSummary] {
        try listStudy(at: location, names: names).series
    }

    package static func listSeries(
        of study: StudyFiles, names: IdentifierNames = IdentifierNames()
    ) throws(DICOMError) -> [SeriesSummary] {
        try SeriesGroup.all(try DICOMScan(study).images, names).map(\.summary)
    }

    /// The series, and everything that is no image of one.
    package static func listStudy(
        at location: URL, names: IdentifierNames = IdentifierNames()
    ) throws(DICOMError) -> (
        series: [SeriesSummary], skipped: [SkippedObjects], decisions: [String]
    ) {
        var scan = try DICOMScan(location)
        try scan.settleDamage(series: nil)
        return (try SeriesGroup.all(scan.images, names).map(\.summary), scan.skipped, scan.decisions)
    }

    /// Reads one series of a file, a folder (with all folders in it), or a zip archive as a volume.
    ///
    /// Slices that are no regular grid are resampled to one: a tilted gantry is corrected as a shear, unequal spacing
    /// is interpolated linearly at the smallest step (`SliceResampling`); `decisions` says so.
    ///
    /// - Parameters:
    ///   - series: hash of the series to read (`SeriesSummary.hash`). Without it there must be exactly one series of an
    ///     allowed modality, reformatted ones aside; images of other modalities are then listed as skipped.
    ///   - names: what series go by.
    ///   - policy: what may be done where slices are missing.
    ///   - modalities: what is accepted; anything else is an error that names the modality.
    /// - Throws: `DICOMError`, never anything about the patient in its description.
    package static func readSeries(
        at location: URL, series: String? = nil, names: IdentifierNames = IdentifierNames(),
        policy: SeriesPolicy = SeriesPolicy(), modalities: Set<String> = ["CT"]
    ) throws(DICOMError) -> DICOMSeries {
        try readSeries(
            try DICOMScan(location), location, series: series, names: names, policy: policy, modalities: modalities)
    }

    /// The same of files that somebody else has found.
    package static func readSeries(
        of study: StudyFiles, series: String? = nil, names: IdentifierNames = IdentifierNames(),
        policy: SeriesPolicy = SeriesPolicy(), modalities: Set<String> = ["CT"]
    ) throws(DICOMError) -> DICOMSeries {
        let first = study.files.first ?? URL(filePath: "/")
        return try readSeries(
            try DICOMScan(study), first, series: series, names: names, policy: policy, modalities: modalities)
    }

    private static func readSeries(
        _ scan: DICOMScan, _ location: URL, series: String?, names: IdentifierNames, policy: SeriesPolicy,
        modalities: Set<String>
    ) throws(DICOMError) -> DICOMSeries {
        var scan = scan
        if scan.images.isEmpty { try scan.settleDamage(series: nil) }
        let choice = try SeriesChoice(
            scan, series: series, names: names, modalities: modalities, location: location)
        try scan.settleDamage(series: choice.chosen.slices.first?.object.series)
        for (group, reason) in choice.others {
            scan.skip(reason, modality: group.summary.modality, count: group.summary.instanceCount)
        }
        let modality = choice.chosen.summary.modality
        let unique = try DuplicateCheck(choice.chosen.slices)
        if unique.ignored > 0 { scan.skip(.duplicate, modality: modality, count: unique.ignored) }
        let stacks = try StackChoice(unique.slices.map { slice throws(DICOMError) in try PlacedSlice(slice) })
        if stacks.leftOut > 0 { scan.skip(.otherStack, modality: modality, count: stacks.leftOut) }
        let copies = try CopyCheck(stacks.slices)
        if copies.ignored > 0 { scan.skip(.duplicate, modality: modality, count: copies.ignored) }
        let stack = try stack(copies.slices, policy, lost: scan.lost)
        let rescale = try SliceRescale(stack.slices)
        let values = try SlicePixels(stack.slices, rescale.perSlice).values()
        let first = stack.slices[0]
        return DICOMSeries(
            geometry: stack.geometry, tags: SeriesTags(file: try DICOMFile(path: first.path), header: first),
            skipped: scan.skipped,
            decisions: scan.decisions + choice.decisions + stacks.decisions + copies.decisions + stack.decisions
                + rescale.decisions,
            instances: stack.slices.map(SourceInstance.init), isResampled: stack.resampling != nil,
            studyHash: choice.chosen.summary.studyHash, seriesHash: choice.chosen.summary.hash,
            values: resampled(values, stack, padding: rescale.padding), privateFolder: scan.privateFolder)
    }

    /// Where slices are missing, files that may have been them are told of.
    private static func stack(_ slices: [PlacedSlice], _ policy: SeriesPolicy, lost: LostFiles) throws(DICOMError)
        -> SliceStack
    {
        do throws(DICOMError) {
            return try SliceStack(slices, policy: policy)
        } catch {
            guard error.code == .missingSlice, let sentence = lost.sentence else { throw error }
            throw DICOMError(error.code, "\(error.description); \(sentence)", path: error.path)
        }
    }

    /// Interpolated values of 16 bits are rounded to whole Hounsfield units: far below a CT's noise, and half the
    /// memory.
    private static func resampled(_ values: SliceValues, _ stack: SliceStack, padding: Float?) -> SliceValues {
        guard let resampling = stack.resampling else { return values }
        let planeSize = [stack.slices[0].layout.columns, stack.slices[0].layout.rows]
        switch values {
        case .int16(let voxels):
            return .int16(
                SliceGrid(
                    resampling: resampling, planeSize: planeSize, values: voxels, number: { Float($0) },
                    voxel: { Int16($0.rounded()) },
                    padding: padding
                ).resampled())
        case .float(let voxels):
            return .float(
                SliceGrid(
                    resampling: resampling, planeSize: planeSize, values: voxels, number: { $0 }, voxel: { $0 },
                    padding: padding
                ).resampled())
        }
    }
}

extension SourceInstance {
    init(_ slice: SliceHeader) {
        self.init(
            sopClassUID: slice.object.sopClass, sopInstanceUID: slice.object.instance, file: URL(filePath: slice.path),
            frameNumber: slice.object.isMultiFrame ? slice.frame + 1 : nil, position: slice.position ?? .zero)
    }
}
