import Faults
import Files
import Glibc

/// Files read and written by system call: /proc has no sizes, and secrets need their mode from the first byte on.
enum SystemFile {
    /// Everything in the file, nil when it cannot be opened.
    static func bytes(_ path: String) -> [UInt8]? {
        guard let file = try? FileDescriptor(path, O_RDONLY) else { return nil }
        return bytes(file)
    }

    static func text(_ path: String) -> String? { bytes(path).map { String(decoding: $0, as: UTF8.self) } }

    /// Everything from the descriptor's position on.
    static func bytes(_ file: borrowing FileDescriptor) -> [UInt8] {
        var all: [UInt8] = []
        try? file.readToEnd(atOnce: 1 << 14) { all += $0 }
        return all
    }

    /// Writes a file readable by its owner only, whole or not at all.
    static func writePrivately(_ text: String, to path: String) throws(LocalServicesError) {
        do {
            try WholeFile.write(to: path, mode: 0o600) { file in try file.write([UInt8](text.utf8)) }
        } catch {
            throw LocalServicesError(
                .folderUnusable, "cannot write \(path): \((error as? SystemFailure)?.reason ?? "\(error)")")
        }
    }

    /// A file for reading and writing that ends with its descriptor.
    static func nameless() throws(LocalServicesError) -> FileDescriptor {
        var path = Array("/tmp/columna-XXXXXX".utf8CString)
        let file = mkstemp(&path)
        guard file >= 0 else { throw .systemCall(.diskFull, "cannot create a temporary file in /tmp") }
        unlink(path)
        return FileDescriptor(owning: file)
    }

    /// The names in a folder, without "." and ".."; empty when it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The last lines of a log, for an error; empty when there is none.
    static func tail(_ path: String, lines: Int = 15) -> String {
        guard let text = text(path) else { return "" }
        return text.split(separator: "\n").suffix(lines).joined(separator: "\n")
    }
}

extension String {
    /// Without the white space around it.
    var trimmedLine: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
