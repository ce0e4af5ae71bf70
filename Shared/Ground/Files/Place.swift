import COpenat2
import Glibc

/// A file or folder held by its place in the file system (O_PATH): whoever renames it or puts a link where it was
/// changes nothing for its holder. The only source file that imports the C module.
package final class Place: Sendable {
    package enum Kind: Sendable {
        case folder, file, link, other
    }

    package enum Refusal: Error {
        /// It would lead out of the folder.
        case outside
        case missing
        case notPermitted
        /// The kernel cannot open beneath a folder.
        case unsupported
        /// Renamed about while it was opened, no descriptor is left, or the disk or the file server failed: another try
        /// may do.
        case unsteady
    }

    private let descriptor: FileDescriptor
    package let kind: Kind

    private init(_ descriptor: consuming FileDescriptor) {
        kind =
            switch ((try? descriptor.facts())?.st_mode ?? 0) & S_IFMT {
            case S_IFDIR: .folder
            case S_IFREG: .file
            case S_IFLNK: .link
            default: .other
            }
        self.descriptor = descriptor
    }

    /// A path through which it is opened again, by anything that takes paths.
    package var path: String { "/proc/self/fd/\(descriptor.number)" }

    /// A folder by its absolute path; links are followed. For folders that an operator names.
    package convenience init(folder: String) throws(Refusal) {
        self.init(try Self.owned(copenat2_place(AT_FDCWD, folder, O_DIRECTORY)))
    }

    /// What a relative path leads to, links followed as long as nothing leads out of this folder.
    package func beneath(_ path: String) throws(Refusal) -> Place {
        // A rename elsewhere in the tree lets the kernel ask for another try (openat2(2), EAGAIN).
        for _ in 0..<8 {
            let opened = copenat2_beneath(descriptor.number, path)
            if opened >= 0 || errno != EAGAIN { return Place(try Self.owned(opened)) }
        }
        throw .unsteady
    }

    /// What has a name in this folder; a link is the link itself.
    package func entry(_ name: [CChar]) throws(Refusal) -> Place {
        Place(try Self.owned(copenat2_place(descriptor.number, name, O_NOFOLLOW)))
    }

    package func entry(_ name: String) throws(Refusal) -> Place { try entry(Array(name.utf8CString)) }

    /// The names in this folder in the order of their bytes, without `.` and `..`; bytes that need not be UTF-8, with a
    /// 0 at the end.
    package func names() throws(Refusal) -> [[CChar]] {
        let readable = try Self.checked(openat(descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        guard let listing = fdopendir(readable) else {
            close(readable)
            throw .unsteady
        }
        defer { closedir(listing) }
        var names: [[CChar]] = []
        while true {
            // Only errno tells a folder's end from a disk that fails in its middle.
            errno = 0
            guard let entry = readdir(listing) else {
                if errno != 0 { throw .unsteady }
                break
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
            }
            if name != [46, 0], name != [46, 46, 0] { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) { UInt8(bitPattern: $0) < UInt8(bitPattern: $1) } }
    }

    /// Where it lies now, or lay when it was removed; for comparing, not for opening.
    package var presentPath: String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let start = buffer.baseAddress, case let count = readlink(path, start, buffer.count - 1), count > 0
            else { return nil }
            buffer[count] = 0
            return String(cString: start)
        }
    }

    /// Where a link in this folder leads now; nil where it leads nowhere.
    package func target(of link: [CChar]) -> String? {
        let whole = Array("\(path)/".utf8CString.dropLast()) + link
        guard let resolved = realpath(whole, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func owned(_ descriptor: Int32) throws(Refusal) -> FileDescriptor {
        FileDescriptor(owning: try checked(descriptor))
    }

    private static func checked(_ descriptor: Int32) throws(Refusal) -> Int32 {
        guard descriptor < 0 else { return descriptor }
        switch errno {
        case EXDEV, ELOOP: throw .outside
        case ENOENT, ENOTDIR: throw .missing
        case EACCES, EPERM: throw .notPermitted
        case ENOSYS: throw .unsupported
        default: throw .unsteady
        }
    }
}
