import Glibc

/// Files read and written by system call: /proc has no sizes, and secrets need their mode from the first byte on.
enum SystemFile {
    /// Everything in the file, nil when it cannot be opened.
    static func bytes(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return bytes(file)
    }

    static func text(_ path: String) -> String? { bytes(path).map { String(decoding: $0, as: UTF8.self) } }

    /// Everything from the descriptor's position on.
    static func bytes(_ descriptor: Int32) -> [UInt8] {
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return all }
            all += chunk[..<count]
        }
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(LocalServicesError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .systemCall(.diskFull, "cannot write \(bytes.count) bytes") }
            rest = rest.dropFirst(count)
        }
    }

    /// Writes a file readable by its owner only, whole or not at all: beside it first, then renamed.
    static func writePrivately(_ text: String, to path: String) throws(LocalServicesError) {
        let draft = path + ".new"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .systemCall(.folderUnusable, "cannot create \(draft)") }
        defer { close(file) }
        try write([UInt8](text.utf8), to: file)
        guard fsync(file) == 0, rename(draft, path) == 0 else {
            throw .systemCall(.folderUnusable, "cannot write \(path)")
        }
    }

    /// A file for reading and writing that ends with its descriptor.
    static func nameless() throws(LocalServicesError) -> Int32 {
        var path = Array("/tmp/columna-XXXXXX".utf8CString)
        let file = mkstemp(&path)
        guard file >= 0 else { throw .systemCall(.diskFull, "cannot create a temporary file in /tmp") }
        unlink(path)
        return file
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
