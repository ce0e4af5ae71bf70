import Faults
import Files
import Foundation

/// The regular files under a folder in the order of their names. Symbolic links are not followed: what they lead to
/// inside the folder is found anyway, and a study must not lead out of the roots that are allowed.
///
/// Names on Linux are bytes. Those of older systems' media are no UTF-8, which neither Foundation nor a message can
/// say: such files get numbers for names, as links in a private folder that is gone with the value.
package struct FolderListing: Sendable {
    /// In the folder or, for files whose names are no UTF-8, the links that stand for them.
    package private(set) var paths: [String] = []
    /// Symbolic links that lead out of the folder, or nowhere.
    package private(set) var outsideLinks = 0
    private(set) var aliases: PrivateFolder?

    private static let deepestFolder = 64
    private static let mostFiles = 1_000_000

    /// - Throws: `DICOMError`: `fileNotReadable`, `readFailed`, `emptyFolder`, `tooLarge`, `fileNotWritable` where no
    ///   private folder can be made.
    package init(_ folder: String) throws(DICOMError) {
        guard let resolved = realpath(folder, nil) else {
            throw FolderListing.unreadable(folder, SystemFailure("find a folder"))
        }
        defer { free(resolved) }
        let root = [UInt8](cString: resolved)
        var found: [[UInt8]] = []
        try add(root, to: &found, root: root, depth: 0)
        guard !found.isEmpty || outsideLinks > 0 else {
            throw DICOMError(.emptyFolder, "folder holds no files: expected a DICOM series", path: folder)
        }
        for path in found.sorted(by: { $0.lexicographicallyPrecedes($1) }) { paths.append(try speakable(path)) }
    }

    private mutating func add(_ folder: [UInt8], to found: inout [[UInt8]], root: [UInt8], depth: Int)
        throws(DICOMError)
    {
        guard depth <= FolderListing.deepestFolder else { throw FolderListing.unreadable(folder.text, nil) }
        guard let handle = folder.withCString(opendir) else {
            throw FolderListing.unreadable(folder.text, SystemFailure("open a folder"))
        }
        defer { closedir(handle) }
        while true {
            // Only errno tells a folder's end from a disk that fails in its middle.
            errno = 0
            guard let entry = readdir(handle) else {
                if errno != 0 { throw FolderListing.unreadable(folder.text, SystemFailure("read a folder")) }
                return
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in [UInt8](bytes.prefix { $0 != 0 }) }
            guard name != Array(".".utf8), name != Array("..".utf8) else { continue }
            let path = folder + [UInt8(ascii: "/")] + name
            var facts = stat()
            guard path.withCString({ lstat($0, &facts) }) == 0 else {
                throw FolderListing.unreadable(folder.text, SystemFailure("look at a file"))
            }
            switch facts.st_mode & S_IFMT {
            case S_IFREG: found.append(path)
            case S_IFDIR: try add(path, to: &found, root: root, depth: depth + 1)
            case S_IFLNK where !FolderListing.leads(path, into: root): outsideLinks += 1
            default: break
            }
            guard found.count <= FolderListing.mostFiles else {
                throw DICOMError(
                    .tooLarge, "folder holds more than \(FolderListing.mostFiles) files: give the folder of one study",
                    path: root.text)
            }
        }
    }

    private static func leads(_ link: [UInt8], into root: [UInt8]) -> Bool {
        guard let target = link.withCString({ realpath($0, nil) }) else { return false }
        defer { free(target) }
        return [UInt8](cString: target).starts(with: root + [UInt8(ascii: "/")])
    }

    private mutating func speakable(_ path: [UInt8]) throws(DICOMError) -> String {
        if let text = String(validating: path, as: UTF8.self) { return text }
        let folder = if let aliases { aliases } else { try PrivateFolder(purpose: "files whose names are no UTF-8") }
        aliases = folder
        let alias = folder.url.appending(path: String(format: "%06d", paths.count)).path
        guard path.withCString({ symlink($0, alias) }) == 0 else {
            throw DICOMError(
                .fileNotWritable,
                "no link can be made for a file whose name is no UTF-8: check TMPDIR and its free space")
        }
        return alias
    }

    /// - Parameter failure: nil: the folders nest too deep.
    private static func unreadable(_ folder: String, _ failure: SystemFailure?) -> DICOMError {
        if let failure, !failure.isRefusal {
            return DICOMError(.readFailed, "folder cannot be read: \(failure.reason)", path: folder)
        }
        return DICOMError(
            .fileNotReadable,
            "folder cannot be read: check its permissions, and that folders nest at most \(deepestFolder) deep",
            path: folder)
    }
}

extension [UInt8] {
    fileprivate init(cString: UnsafePointer<CChar>) {
        self = UnsafeBufferPointer(start: cString, count: strlen(cString)).map(UInt8.init(bitPattern:))
    }

    /// The bytes of a path as C wants them.
    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        (map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { body($0.baseAddress!) }
    }

    /// For messages only.
    fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
