import DICOMSeries
import Faults
import Foundation
import Volumes

/// A study on disk as a volume in HU, whatever it came as.
struct ReadStudy {
    /// Which series of a folder with several is meant.
    enum Choice {
        /// The one with this hash; nil: there must be one only.
        case named(String?)
        /// The CT series with the most slices that was not computed from another: nobody is there to ask when an
        /// archive sends a whole study.
        case largest
    }

    /// Where a study lies.
    enum Source {
        /// A file, or a folder that nobody else writes to.
        case path(URL)
        case files(StudyFiles)
    }

    /// 16 bits where they hold every value.
    enum Image {
        case int16(Volume<Int16>)
        case float(Volume<Float>)
    }

    let image: Image
    var description: StudyDescription
    /// Nil for NIfTI.
    let series: DICOMSeries?

    var geometry: Geometry { description.geometry }

    /// A folder or a file that does not begin as NIfTI is read as DICOM.
    static func read(
        _ source: Source, _ choice: Choice, names: IdentifierNames, policy: SeriesPolicy
    ) throws -> ReadStudy {
        if case .path(let path) = source {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: path.path, isDirectory: &isFolder)
            if !isFolder.boolValue, NIfTI.isNIfTI(path) { return try readNIfTI(path) }
            if !isFolder.boolValue, let stranger = NIfTI.nameOfStranger(path) {
                throw DICOMError(.notDICOM, "the file is \(stranger), expected DICOM or NIfTI")
            }
        }
        return try readDICOM(source, choice, names, policy)
    }

    private static func readDICOM(
        _ source: Source, _ choice: Choice, _ names: IdentifierNames, _ policy: SeriesPolicy
    ) throws -> ReadStudy {
        let (hash, remark) = try chosen(source, choice, names)
        let read =
            switch source {
            case .path(let path): try DICOMReader.readSeries(at: path, series: hash, names: names, policy: policy)
            case .files(let files): try DICOMReader.readSeries(of: files, series: hash, names: names, policy: policy)
            }
        let image: Image = read.int16Volume.map { .int16($0) } ?? .float(read.volume)
        return ReadStudy(
            image: image,
            description: StudyDescription(
                format: "DICOM", geometry: read.geometry, tags: read.tags, instanceCount: read.instanceCount,
                studyHash: read.studyHash,
                seriesHash: read.seriesHash, skipped: read.skipped.map(\.description),
                decisions: remark + read.decisions),
            series: read)
    }

    private static func listed(_ source: Source, _ names: IdentifierNames) throws -> [SeriesSummary] {
        switch source {
        case .path(let path): try DICOMReader.listSeries(at: path, names: names)
        case .files(let files): try DICOMReader.listSeries(of: files, names: names)
        }
    }

    private static func chosen(_ source: Source, _ choice: Choice, _ names: IdentifierNames) throws -> (
        hash: String?, remark: [String]
    ) {
        switch choice {
        case .named(let hash): return (hash, [])
        case .largest:
            let candidates = try listed(source, names).filter { $0.modality == "CT" && !$0.isDerived }
            guard candidates.count > 1, let most = candidates.map(\.sliceCount).max() else { return (nil, []) }
            let hash = candidates.filter { $0.sliceCount == most }.map(\.hash).min()
            return (hash, ["the series with the most slices was taken, \(most), of \(candidates.count) CT series"])
        }
    }

    private static func readNIfTI(_ source: URL) throws -> ReadStudy {
        let (header, image) = (try NIfTI.readHeader(source), try NIfTI.readImage(source))
        let isExact = image.voxels.allSatisfy { $0 >= -32768 && $0 <= 32767 && $0 == $0.rounded(.towardZero) }
        return ReadStudy(
            image: isExact ? .int16(image.map { Int16($0) }) : .float(image),
            description: StudyDescription(
                format: "NIfTI", geometry: image.geometry, tags: nil, instanceCount: 1, studyHash: nil, seriesHash: nil,
                skipped: [], decisions: header.remarks),
            series: nil)
    }
}

/// What analysts may know of a study: no names, no dates, no UIDs but what their pseudonyms go by.
struct StudyDescription: Codable {
    var format: String
    var geometry: Geometry
    var tags: SeriesTags?
    var instanceCount: Int
    var studyHash: String?
    var seriesHash: String?
    var skipped: [String]
    /// What was decided in reading and why: tilt corrected, spacing made equal, a series chosen.
    var decisions: [String]
    /// Ways in which its instances may still show who the patient is, with the number of instances each.
    var identityRisks: [String: Int]?

    var sentence: String {
        let spacing = geometry.spacingInMillimetres.map { ($0 * 1000).rounded() / 1000 }
        let grid =
            "\(format), \(geometry.size[0])×\(geometry.size[1])×\(geometry.size[2]) voxels of \(spacing[0])×\(spacing[1])×\(spacing[2]) mm"
        let risks = (identityRisks ?? [:]).sorted { $0.key < $1.key }.map {
            "\($0.value) instances at risk of \($0.key)"
        }
        return ([grid] + decisions + risks).joined(separator: "; ")
    }
}
