import Foundation

/// A new file that bytes are appended to. Not thread-safe; blocks.
final class OutputDescriptor {
    private var descriptor: Int32

    /// Creates the file or empties an older one.
    init(path: String) throws(CompressionError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw CompressionError(.inputOutput, "the file cannot be created: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        if descriptor >= 0 { Foundation.close(descriptor) }
    }

    /// Writes all of it. Throws `inputOutput` with the system's words, for one that no space is left.
    func write(_ bytes: UnsafeRawBufferPointer) throws(CompressionError) {
        guard let base = bytes.baseAddress else { return }
        var written = 0
        while written < bytes.count {
            // Linux writes at most 2 GiB at a time.
            let count = Foundation.write(descriptor, base + written, min(bytes.count - written, 1 << 30))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure() }
            written += count
        }
    }

    func write(_ bytes: [UInt8]) throws(CompressionError) {
        let result = bytes.withUnsafeBytes { bytes in Result { () throws(CompressionError) in try write(bytes) } }
        try result.get()
    }

    /// File systems that write late (NFS) tell only now that the disk is full.
    func close() throws(CompressionError) {
        guard descriptor >= 0 else { return }
        let result = Foundation.close(descriptor)
        let reason = errno
        descriptor = -1
        if result != 0 {
            errno = reason
            throw Self.failure()
        }
    }

    private static func failure() -> CompressionError {
        CompressionError(.inputOutput, "the file cannot be written: \(String(cString: strerror(errno)))")
    }
}
