import Foundation

/// The objects under a path, told apart by what they are, without their pixels.
struct DICOMScan: Sendable {
    var images: [SliceHeader] = []
    var skipped: [SkippedObjects] = []

    /// A file, or a folder with all folders in it.
    ///
    /// - Throws: `DICOMError`: `fileMissing`, `fileNotReadable`, `emptyFolder`, `notDICOM`, `truncated`, `corrupt`.
    init(_ location: URL) throws(DICOMError) {
        let (files, isFolder) = try DICOMScan.files(at: location)
        var objects = 0
        for path in files {
            do throws(DICOMError) {
                let header = SliceHeader(file: try DICOMFile(path: path), path: path)
                objects += 1
                guard !header.isCutOff else {
                    throw DICOMError(
                        .truncated, "DICOM file is truncated: the dataset ends before its series and pixels; send the study again",
                        path: path)
                }
                add(header)
            } catch where error.code == .notDICOM && isFolder {
                skip(.notDICOM)
            }
        }
        guard objects > 0 else {
            throw DICOMError(
                .notDICOM, "folder holds no DICOM object: none of its \(files.count) files has a DICOM prefix", path: location.path)
        }
    }

    private mutating func add(_ header: SliceHeader) {
        switch header.kind {
        case .image: images.append(header)
        case .localizer: skip(.localizer, modality: header.modality)
        case .directory: skip(.directory)
        case .secondaryCapture: skip(.secondaryCapture, modality: header.modality)
        case .noImage: skip(.noImage, modality: header.modality)
        }
    }

    mutating func skip(_ reason: SkippedObjects.Reason, modality: String? = nil, count: Int = 1) {
        if let index = skipped.firstIndex(where: { $0.reason == reason && $0.modality == modality }) {
            skipped[index].count += count
        } else {
            skipped.append(SkippedObjects(reason: reason, modality: modality, count: count))
        }
    }

    /// Paths of the regular files in a stable order. Symbolic links are passed over: a folder inside the allowed roots must not lead out of them.
    private static func files(at location: URL) throws(DICOMError) -> (paths: [String], isFolder: Bool) {
        let path = location.path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw DICOMError(.fileMissing, "path does not exist: expected a DICOM file or a folder of DICOM files", path: path)
        }
        guard isFolder.boolValue else { return ([path], false) }
        guard FileManager.default.isReadableFile(atPath: path), let names = FileManager.default.enumerator(atPath: path) else {
            throw DICOMError(.fileNotReadable, "folder cannot be read: check its permissions", path: path)
        }
        var paths: [String] = []
        for case let name as String in names {
            let file = path + "/" + name
            var facts = stat()
            if lstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG { paths.append(file) }
        }
        guard !paths.isEmpty else { throw DICOMError(.emptyFolder, "folder holds no files: expected a DICOM series", path: path) }
        return (paths.sorted(), true)
    }
}
