import Foundation

/// The regular files under a folder in a stable order. Symbolic links are not followed: what they lead to inside the folder is
/// found anyway, and a study must not lead out of the roots that are allowed.
struct FolderListing {
    var paths: [String] = []
    var outsideLinks = 0

    private static let deepestFolder = 64
    private static let mostFiles = 1_000_000

    /// - Throws: `DICOMError`: `fileNotReadable`, `emptyFolder`, `tooLarge`.
    init(_ folder: String) throws(DICOMError) {
        guard let resolved = realpath(folder, nil) else { throw FolderListing.unreadable(folder) }
        defer { free(resolved) }
        try add(String(cString: resolved), root: String(cString: resolved), depth: 0)
        guard !paths.isEmpty || outsideLinks > 0 else {
            throw DICOMError(.emptyFolder, "folder holds no files: expected a DICOM series", path: folder)
        }
        paths.sort()
    }

    private mutating func add(_ folder: String, root: String, depth: Int) throws(DICOMError) {
        guard depth <= FolderListing.deepestFolder, let handle = opendir(folder) else { throw FolderListing.unreadable(folder) }
        defer { closedir(handle) }
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != ".." else { continue }
            let path = folder + "/" + name
            var facts = stat()
            guard lstat(path, &facts) == 0 else { throw FolderListing.unreadable(folder) }
            switch facts.st_mode & S_IFMT {
            case S_IFREG: paths.append(path)
            case S_IFDIR: try add(path, root: root, depth: depth + 1)
            case S_IFLNK where !FolderListing.leads(path, into: root): outsideLinks += 1
            default: break
            }
            guard paths.count <= FolderListing.mostFiles else {
                throw DICOMError(.tooLarge, "folder holds more than \(FolderListing.mostFiles) files: give the folder of one study", path: root)
            }
        }
    }

    private static func leads(_ link: String, into root: String) -> Bool {
        guard let target = realpath(link, nil) else { return false }
        defer { free(target) }
        return String(cString: target).hasPrefix(root + "/")
    }

    private static func unreadable(_ folder: String) -> DICOMError {
        DICOMError(.fileNotReadable, "folder cannot be read: check its permissions, and that folders nest at most \(deepestFolder) deep", path: folder)
    }
}
