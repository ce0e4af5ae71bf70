import DICOM
import Foundation
import Volumes

/// A study on disk as a volume in HU, whatever it came as.
struct StudyReader {
    let image: Volume<Float>
    let isInt16Exact: Bool
    let description: StudyDescription

    /// A folder or a file that does not begin as NIfTI is read as DICOM.
    static func read(_ source: URL, series: String?) throws -> StudyReader {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: source.path, isDirectory: &isFolder)
        if !isFolder.boolValue, try looksLikeNIfTI(source) { return try readNIfTI(source) }
        let read = try DICOMReader.readSeries(at: source, series: series)
        return StudyReader(
            image: read.volume, isInt16Exact: read.isInt16Exact,
            description: StudyDescription(
                format: "DICOM", geometry: read.volume.geometry, tags: read.tags, instanceCount: read.instanceCount,
                studyHash: read.studyHash, seriesHash: read.seriesHash, skipped: read.skipped.map(\.description), decisions: read.decisions))
    }

    private static func readNIfTI(_ source: URL) throws -> StudyReader {
        let image = try NIfTI.readImage(source)
        let isExact = image.voxels.allSatisfy { $0 >= -32768 && $0 <= 32767 && $0 == $0.rounded(.towardZero) }
        return StudyReader(
            image: image, isInt16Exact: isExact,
            description: StudyDescription(
                format: "NIfTI", geometry: image.geometry, tags: nil, instanceCount: 1, studyHash: nil, seriesHash: nil, skipped: [], decisions: []))
    }

    /// By content and not by name: gzip, or a NIfTI-1 or NIfTI-2 header's size in either byte order.
    private static func looksLikeNIfTI(_ source: URL) throws -> Bool {
        let name = source.lastPathComponent.lowercased()
        if name.hasSuffix(".nii") || name.hasSuffix(".nii.gz") { return true }
        let handle = try FileHandle(forReadingFrom: source)
        defer { try? handle.close() }
        let head = [UInt8](try handle.read(upToCount: 4) ?? Data())
        guard head.count == 4 else { return false }
        let isGzip = head[0] == 0x1f && head[1] == 0x8b
        let size = head.withUnsafeBytes { $0.loadUnaligned(as: Int32.self) }
        return isGzip || [348, 540].contains(Int32(littleEndian: size)) || [348, 540].contains(Int32(bigEndian: size))
    }
}

/// What analysts may know of a study: no names, no dates, no UIDs but their hashes.
struct StudyDescription: Codable {
    var format: String
    var geometry: Geometry
    var tags: SeriesTags?
    var instanceCount: Int
    var studyHash: String?
    var seriesHash: String?
    var skipped: [String]
    /// What reading decided about the geometry and the values, one sentence each.
    var decisions: [String]

    var sentence: String {
        let spacing = geometry.spacingInMillimetres.map { ($0 * 1000).rounded() / 1000 }
        return "\(format), \(geometry.size[0])×\(geometry.size[1])×\(geometry.size[2]) voxels of \(spacing[0])×\(spacing[1])×\(spacing[2]) mm"
    }
}
