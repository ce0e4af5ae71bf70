import Documents
import Faults
import Foundation

/// What readers of data sets ask of folders and names of files.
enum DataSetFiles {
    /// Formats of images that are not read here. A preview or a table beside labels is none of them's label.
    static func isImage(_ file: String) -> Bool {
        let name = file.lowercased()
        return [
            ".nrrd", ".nhdr", ".mha", ".mhd", ".png", ".tif", ".tiff", ".bmp", ".jpg", ".npy", ".npz", ".mgz", ".mgh",
            ".mat", ".h5", ".hdf5", ".hdr", ".img", ".img.gz", ".dcm",
            ".nii", ".nii.gz", ".nii.bz2", ".nii.zst", ".nii.xz", ".zarr", ".b2nd", ".gipl",
        ].contains { name.hasSuffix($0) }
    }

    static func refuseOtherFormats(_ files: [String], in folder: String) throws {
        let unread = files.filter { stem($0) == nil && isImage($0) }
        guard let first = unread.first else { return }
        let ending = first.drop { $0 != "." }
        throw OperationError(
            .badInput,
            "\(folder) has \(Wording.count(unread.count, "file")) in another format than NIfTI (\(list(unread))): nothing is imported; "
                + "convert \(ending) to .nii.gz first, images and labels alike")
    }

    /// `2 cases (a, b)`.
    static func counted(_ names: [String], _ what: String) -> String {
        "\(Wording.count(names.count, what)) (\(list(names)))"
    }

    static func list(_ names: [String]) -> String {
        names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " …" : "")
    }

    static func firstExisting(_ folder: URL, _ names: [String]) -> URL? {
        names.lazy.map { folder.appending(path: $0) }.first(where: isThere)
    }

    /// The one of several names that a folder has, nil for none. Which of two is meant, nobody knows.
    static func onlyOne(_ folder: URL, _ names: [String]) throws(Ambiguity) -> URL? {
        let found = names.filter { isThere(folder.appending(path: $0)) }
        guard found.count < 2 else {
            throw Ambiguity(
                reason:
                    "\(folder.lastPathComponent) has \(found.joined(separator: " and ")): move away those that are not meant"
            )
        }
        return found.first.map { folder.appending(path: $0) }
    }

    struct Ambiguity: Error {
        let reason: String
    }

    /// Also as a link to what is not: data sets in git-annex are folders of links whose files come when they are asked
    /// for.
    static func isThere(_ file: URL) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: file.path)) != nil
    }

    static func isFolder(_ place: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) && isFolder.boolValue
    }

    static func names(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }.sorted()
    }

    static func names(orNone folder: URL) -> [String] { (try? names(folder)) ?? [] }

    /// A folder, and those in it.
    static func withSubfolders(_ folder: URL) -> [URL] {
        [folder]
            + names(orNone: folder).map { folder.appending(path: $0, directoryHint: .isDirectory) }.filter(isFolder)
    }

    /// Relative paths.
    static func files(below folder: URL) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
            !$0.split(separator: "/").contains { $0.hasPrefix(".") }
        }.sorted()
    }

    static func stem(_ file: String) -> String? {
        [".nii.gz", ".nii"].lazy.compactMap { file.hasSuffix($0) ? String(file.dropLast($0.count)) : nil }.first
    }

    /// `case1` of `folder/case1.seg.nrrd`.
    static func stemBeforeDots(_ path: String) -> String {
        let file = path.split(separator: "/").last ?? ""
        return String(file.prefix { $0 != "." })
    }
}
