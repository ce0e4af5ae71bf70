package import Foundation

extension Safetensors {
    /// The file's bytes for float32 tensors in the given order. The same tensors, order and metadata give the same
    /// bytes.
    ///
    /// The header is padded with spaces so that the data begin on a multiple of 8, as the format asks.
    package static func serialized(_ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:])
        -> Data
    {
        var header = "{"
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            header += "\"__metadata__\":{\(pairs.joined(separator: ","))}"
        }
        var offset = 0
        for (name, tensor) in tensors {
            let end = offset + tensor.count * MemoryLayout<Float>.size
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            if header.utf8.count > 1 { header += "," }
            header += "\(quoted(name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
            offset = end
        }
        header += "}"
        header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)

        var data = Data(capacity: 8 + header.utf8.count + offset)
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
        data.append(contentsOf: header.utf8)
        for (_, tensor) in tensors { tensor.withUnsafeBufferPointer { data.append(Data(buffer: $0)) } }
        return data
    }

    /// Writes the bytes so that `url` holds either what it held before or all of them: temporary file, fsync, rename,
    /// fsync of the folder.
    package static func write(
        _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to url: URL
    ) throws {
        let folder = url.deletingLastPathComponent()
        let temporary = folder.appending(path: ".\(url.lastPathComponent).\(UUID().uuidString)")
        defer { unlink(temporary.path) }
        let file = try check(open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644), "created")
        do {
            defer { close(file) }
            try writeAll(serialized(tensors, metadata: metadata), to: file)
            try check(fsync(file), "made durable")
        }
        try check(rename(temporary.path, url.path), "put in place")
        let directory = try check(open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "found in its folder")
        defer { close(directory) }
        try check(fsync(directory), "made durable in its folder")
    }

    private static func writeAll(_ data: Data, to file: Int32) throws {
        try data.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = Foundation.write(file, bytes.baseAddress! + written, bytes.count - written)
                if count < 0 && errno == EINTR { continue }
                written += Int(try check(Int32(clamping: count), "written"))
            }
        }
    }

    @discardableResult
    private static func check(_ result: Int32, _ what: String) throws -> Int32 {
        guard result < 0 else { return result }
        throw TensorError(.inputOutput, "the tensor file cannot be \(what): \(String(cString: strerror(errno)))")
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<" ":
                result +=
                    "\\u" + String(repeating: "0", count: scalar.value < 16 ? 3 : 2) + String(scalar.value, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
