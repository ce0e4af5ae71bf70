package import Glibc

/// An open file or folder, closed when it goes out of scope. Every call blocks.
package struct FileDescriptor: ~Copyable, Sendable {
    package let number: Int32

    /// - Parameters:
    ///   - flags: of open(2); the descriptor is never handed to child processes.
    ///   - mode: of a new file, less what the process masks.
    package init(_ path: String, _ flags: Int32, mode: mode_t = 0o666) throws(SystemFailure) {
        number = Glibc.open(path, flags | O_CLOEXEC, mode)
        guard number >= 0 else { throw SystemFailure("open a file") }
    }

    /// - Parameter number: an open descriptor, which is nobody else's from here on.
    package init(owning number: Int32) { self.number = number }

    deinit { _ = Glibc.close(number) }

    /// Closes it now: file systems that write late (NFS) tell only then that the disk is full.
    package consuming func close() throws(SystemFailure) {
        let number = number
        discard self
        guard Glibc.close(number) == 0 else { throw SystemFailure("write a file") }
    }

    /// Forces bytes and length (or a folder's entries) to the medium.
    package func synchronize() throws(SystemFailure) {
        guard fsync(number) == 0 else { throw SystemFailure("flush a file") }
    }

    package func setMode(_ mode: mode_t) throws(SystemFailure) {
        guard fchmod(number, mode) == 0 else { throw SystemFailure("set the mode of a file") }
    }

    package func facts() throws(SystemFailure) -> stat {
        var facts = stat()
        guard fstat(number, &facts) == 0 else { throw SystemFailure("look at a file") }
        return facts
    }

    /// Writes all of it at the descriptor's position.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(SystemFailure) {
        var rest = bytes
        while !rest.isEmpty {
            // Linux writes at most 2 GiB at a time.
            let count = Glibc.write(number, rest.baseAddress, min(rest.count, 1 << 30))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw SystemFailure("write a file") }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    package func write(_ bytes: [UInt8]) throws(SystemFailure) {
        let result = bytes.withUnsafeBytes { bytes in Result { () throws(SystemFailure) in try write(bytes) } }
        try result.get()
    }

    /// Fills `buffer` from `position` on as far as the file goes, whatever the descriptor's own position.
    ///
    /// - Returns: the number of bytes; fewer than asked for only where the file ends.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(SystemFailure) -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        var filled = 0
        while filled < buffer.count {
            let count = pread(number, base + filled, min(buffer.count - filled, 1 << 30), position + filled)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SystemFailure("read a file") }
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    /// Hands over everything from the descriptor's position to the end, up to `atOnce` bytes at a time.
    package func readToEnd(atOnce: Int, _ take: (UnsafeRawBufferPointer) throws -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: atOnce, alignment: 64)
        defer { buffer.deallocate() }
        while true {
            let count = Glibc.read(number, buffer.baseAddress, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SystemFailure("read a file") }
            if count == 0 { return }
            try take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
