import Dispatch
import Foundation
import Synchronization

/// The objects under a path, told apart by what they are, without their pixels.
struct DICOMScan: Sendable {
    /// Frames of images, in the order of their files.
    var images: [SliceHeader] = []
    var skipped: [SkippedObjects] = []
    /// One sentence each.
    var decisions: [String] = []
    /// Of all objects; never shown.
    var patients: Set<String> = []
    /// Keeps the extracted files alive.
    let archive: ExtractedArchive?

    /// A file, a folder with all folders in it, a zip archive of either, or the DICOMDIR of a medium.
    ///
    /// - Throws: `DICOMError`: `fileMissing`, `fileNotReadable`, `emptyFolder`, `badArchive`, `notDICOM`, `truncated`, `corrupt`, `tooLarge`.
    init(_ location: URL) throws(DICOMError) {
        let place = try DICOMScan.place(location)
        archive = place.archive
        let listing = try place.folder.map { folder throws(DICOMError) in try FolderListing(folder) }
        let files = listing?.paths ?? [location.path]
        if let links = listing?.outsideLinks, links > 0 { skip(.outsideLink, count: links) }
        if archive != nil { decisions.append("zip archive of \(files.count) files extracted to a private folder") }
        var objects = 0
        for content in DICOMScan.read(files) {
            do throws(DICOMError) {
                try add(try content.get(), root: place.folder)
                objects += 1
            } catch where error.code == .notDICOM && place.folder != nil {
                skip(.notDICOM)
            }
        }
        guard objects > 0 else {
            throw DICOMError(
                .notDICOM, "folder holds no DICOM object: none of its \(files.count) files has a DICOM prefix", path: location.path)
        }
    }

    private mutating func add(_ content: Content, root: String?) throws(DICOMError) {
        guard let first = content.slices.first else { return }
        let object = first.object
        guard !object.isCutOff(first.kind) else {
            throw DICOMError(
                .truncated, "DICOM file is truncated: the dataset ends before its series and pixels; send the study again", path: object.path)
        }
        if first.kind != .directory, let patient = object.patient { patients.insert(patient) }
        switch first.kind {
        case .image: images += content.slices
        case .localizer: skip(.localizer, modality: object.modality)
        case .secondaryCapture: skip(.secondaryCapture, modality: object.modality)
        case .noImage: skip(.noImage, modality: object.modality)
        case .directory:
            skip(.directory)
            note(content.references, root: root)
        }
    }

    /// Files are found by looking, not through the DICOMDIR; what it names and is not there is worth a sentence.
    private mutating func note(_ references: [[String]], root: String?) {
        guard let root, !references.isEmpty else { return }
        let outside = references.count { $0.contains("..") || $0.contains { $0.contains("/") } }
        let missing = references.count { parts in
            !parts.contains("..") && !FileManager.default.fileExists(atPath: root + "/" + parts.joined(separator: "/"))
        }
        if outside > 0 { decisions.append("DICOMDIR refers to \(outside) files outside of its folder: refused") }
        if missing > 0, archive == nil {
            decisions.append("DICOMDIR refers to \(references.count) files, \(missing) of them are not in its folder")
        }
    }

    mutating func skip(_ reason: SkippedObjects.Reason, modality: String? = nil, count: Int = 1) {
        if let index = skipped.firstIndex(where: { $0.reason == reason && $0.modality == modality }) {
            skipped[index].count += count
        } else {
            skipped.append(SkippedObjects(reason: reason, modality: modality, count: count))
        }
    }
}

extension DICOMScan {
    private struct Content: Sendable {
        var slices: [SliceHeader]
        /// Of a DICOMDIR.
        var references: [[String]]
    }

    /// Headers of all files, on all cores, in the order of the files.
    private static func read(_ files: [String]) -> [Result<Content, DICOMError>] {
        let results = Mutex([Result<Content, DICOMError>?](repeating: nil, count: files.count))
        DispatchQueue.concurrentPerform(iterations: files.count) { index in
            let result = Result { () throws(DICOMError) in try read(files[index]) }
            results.withLock { $0[index] = result }
        }
        return results.withLock { $0.compactMap(\.self) }
    }

    private static func read(_ path: String) throws(DICOMError) -> Content {
        let file = try DICOMFile(path: path)
        let object = ImageObject(file: file, path: path)
        return Content(slices: try SliceHeader.all(in: file, of: object), references: object.sopClass == SOPClass.directory ? file.references : [])
    }

    /// The folder to look through, nil for a single file.
    private static func place(_ location: URL) throws(DICOMError) -> (folder: String?, archive: ExtractedArchive?) {
        let path = location.path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw DICOMError(.fileMissing, "path does not exist: expected a DICOM file, a zip archive or a folder of DICOM files", path: path)
        }
        if isFolder.boolValue { return (path, nil) }
        if ExtractedArchive.isArchive(path) {
            let archive = try ExtractedArchive(location)
            return (archive.folder.path, archive)
        }
        let isDirectory = location.lastPathComponent.uppercased() == "DICOMDIR"
        return (isDirectory ? location.deletingLastPathComponent().path : nil, nil)
    }
}
