import DICOMDictionary
import Faults
import Files
import Foundation
import Synchronization
import Threads

/// The objects under a path, told apart by what they are, without their pixels.
struct DICOMScan: Sendable {
    /// Frames of images, in the order of their files.
    var images: [SliceHeader] = []
    var skipped: [SkippedObjects] = []
    /// One sentence each.
    var decisions: [String] = []
    private(set) var lost = LostFiles()
    /// Of all objects; never shown.
    var patients: Set<PatientIdentity> = []
    /// Images of a known series that cannot be read. They are left out of another series only.
    private var damaged: [DamagedObject] = []
    /// Keeps extracted files, and links that stand for unspeakable names, alive.
    let privateFolder: PrivateFolder?
    private let isArchive: Bool

    /// A file, a folder with all folders in it, a zip archive of either, or the DICOMDIR of a medium.
    ///
    /// - Throws: `DICOMError`: `fileMissing`, `fileNotReadable`, `readFailed`, `emptyFolder`, `badArchive`, `notDICOM`,
    ///   `truncated`, `corrupt`, `tooLarge`.
    init(_ location: URL) throws(DICOMError) {
        let place = try DICOMScan.place(location)
        let listing = try place.folder.map { folder throws(DICOMError) in try FolderListing(folder) }
        (privateFolder, isArchive) = (place.archive?.folder ?? listing?.aliases, place.archive != nil)
        let files = listing?.paths ?? [location.path]
        if let links = listing?.outsideLinks, links > 0 { skip(.outsideLink, count: links) }
        if isArchive { decisions.append("zip archive of \(files.count) files extracted to a private folder") }
        let root = place.folder.map { Array($0.utf8) + [UInt8(ascii: "/")] }
        try add(
            files, named: files, of: location.path,
            exists: root.map { root in { path in (root + path).withCString { access($0, F_OK) } == 0 } })
    }

    /// The files of a folder that somebody else has looked through.
    ///
    /// - Throws: `DICOMError` as for a location.
    init(_ study: StudyFiles) throws(DICOMError) {
        (privateFolder, isArchive) = (nil, false)
        if study.outsideLinks > 0 { skip(.outsideLink, count: study.outsideLinks) }
        let names = study.paths.map { String(decoding: $0, as: UTF8.self) }
        try add(
            study.files.map(\.path), named: names, of: study.files.first?.path ?? "", exists: Set(study.paths).contains)
    }

    /// - Parameters:
    ///   - names: what the files are called, in the same order.
    ///   - exists: whether a file lies at a path below the folder; nil for a single file.
    private mutating func add(_ files: [String], named names: [String], of path: String, exists: (([UInt8]) -> Bool)?)
        throws(DICOMError)
    {
        var objects = 0
        for (index, content) in DICOMScan.read(files).enumerated() {
            do throws(DamagedObject) {
                add(try content.get(), exists)
                objects += 1
            } catch {
                guard exists != nil else { throw error.reason }
                guard error.reason.code != .notDICOM else {
                    skip(.notDICOM)
                    lost.add(files[index], name: names[index])
                    continue
                }
                try add(error)
                objects += 1
            }
        }
        let links = skipped.first { $0.reason == .outsideLink }?.count ?? 0
        guard objects > 0 else { throw noObject(files: files.count, links: links, path) }
        if let sentence = lost.sentence { decisions.append(sentence + ", so slices may be missing") }
    }

    private func noObject(files: Int, links: Int, _ path: String) -> DICOMError {
        let unfollowed =
            links == 1
            ? "1 symbolic link that leads out of it or nowhere was"
            : "\(links) symbolic links that lead out of it or nowhere were"
        let facts = [
            files > 0 || links == 0
                ? (files == 1 ? "its only file has no DICOM prefix" : "none of its \(files) files has a DICOM prefix")
                    + (lost.kinds.map { ": \($0)" } ?? "") : nil,
            links > 0 ? "\(unfollowed) not followed: give the folder that holds the files, or copies of them" : nil,
        ]
        return DICOMError(
            .notDICOM, "folder holds no DICOM object: \(facts.compactMap { $0 }.joined(separator: ", and "))",
            path: path)
    }

    /// What cannot be read is left out where it has said that it is no image, or an image of a series that may turn out
    /// to be another's.
    ///
    /// - Throws: the damage, where the object may be a slice of any series.
    private mutating func add(_ object: DamagedObject) throws(DICOMError) {
        guard object.isImage else { return skip(.unreadable, modality: object.modality) }
        guard object.series != nil else { throw object.reason }
        damaged.append(object)
    }

    /// Decides about the images that cannot be read, once the series is chosen; nil where none is.
    ///
    /// - Throws: the damage of an image of the series, or, where nothing else is left to choose from, of any.
    mutating func settleDamage(series: String?) throws(DICOMError) {
        if let object = damaged.first(where: { $0.series == series || images.isEmpty }) { throw object.reason }
        for object in damaged { skip(.unreadable, modality: object.modality) }
        damaged = []
    }

    private mutating func add(_ content: Content, _ exists: (([UInt8]) -> Bool)?) {
        guard let first = content.slices.first else { return }
        let object = first.object
        if first.kind != .directory, let patient = object.patient { patients.insert(patient) }
        switch first.kind {
        case .image: images += content.slices
        case .localizer: skip(.localizer, modality: object.modality)
        case .secondaryCapture: skip(.secondaryCapture, modality: object.modality)
        case .noImage: skip(.noImage, modality: object.modality)
        case .directory:
            skip(.directory)
            note(content.references, exists)
        }
    }

    /// Files are found by looking, not through the DICOMDIR; what it names and is not there is worth a sentence.
    private mutating func note(_ references: [[[UInt8]]], _ exists: (([UInt8]) -> Bool)?) {
        guard let exists, !references.isEmpty else { return }
        let (up, slash) = (Array("..".utf8), UInt8(ascii: "/"))
        let outside = references.count { $0.contains(up) || $0.contains { $0.contains(slash) } }
        let missing = references.count { parts in
            !parts.contains(up) && !exists(Array(parts.joined(separator: [slash])))
        }
        if outside > 0 { decisions.append("DICOMDIR refers to \(outside) files outside of its folder: refused") }
        if missing > 0, !isArchive {
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
        /// Of a DICOMDIR: the parts of paths, in bytes.
        var references: [[[UInt8]]]
    }

    /// The folder to look through, nil for a single file.
    private typealias Place = (folder: String?, archive: ExtractedArchive?)

    /// Headers of all files, on all cores, in the order of the files.
    private static func read(_ files: [String]) -> [Result<Content, DamagedObject>] {
        let results = Mutex([Result<Content, DamagedObject>?](repeating: nil, count: files.count))
        ComputePool.shared.forEach(count: files.count) { index in
            let result = Result { () throws(DICOMError) in try read(files[index]) }.mapError {
                DamagedObject($0, path: files[index])
            }
            results.withLock { $0[index] = result }
        }
        return results.withLock { $0.compactMap(\.self) }
    }

    private static func read(_ path: String) throws(DICOMError) -> Content {
        let file = try DICOMFile(path: path)
        let object = ImageObject(file: file, path: path)
        let slices = try SliceHeader.all(in: file, of: object)
        if let first = slices.first, object.isCutOff(first.kind) {
            throw DICOMError(
                .truncated,
                "DICOM file is truncated: the dataset ends before its series and pixels; send the study again",
                path: path)
        }
        return Content(slices: slices, references: object.sopClass == SOPClass.directory ? file.references : [])
    }

    private static func place(_ location: URL) throws(DICOMError) -> Place {
        let path = location.path
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            let failure = SystemFailure("look at a file")
            guard failure.isRefusal else {
                throw DICOMError(.readFailed, "path cannot be read: \(failure.reason)", path: path)
            }
            throw DICOMError(
                .fileMissing, "path does not exist: expected a DICOM file, a zip archive or a folder of DICOM files",
                path: path)
        }
        if facts.st_mode & S_IFMT == S_IFDIR { return (path, nil) }
        if ExtractedArchive.isArchive(path) {
            let archive = try ExtractedArchive(location)
            return (archive.folder.url.path, archive)
        }
        let isDirectory = location.lastPathComponent.uppercased() == "DICOMDIR"
        return (isDirectory ? location.deletingLastPathComponent().path : nil, nil)
    }
}
