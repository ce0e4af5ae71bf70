package import Foundation

/// A file in memory that takes one input after the other, for readers that want a path.
package struct InputFile: Sendable {
    package let url: URL
    private let descriptor: CInt

    /// - Parameter name: of the file; its folder holds nothing else.
    package init(_ name: String) {
        let folder = URL(filePath: "/dev/shm/columna-fuzz-\(getpid())", directoryHint: .isDirectory)
        mkdir(folder.path, 0o700)
        url = folder.appending(path: name)
        descriptor = open(url.path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if descriptor < 0 { Harness.stop("the input cannot be written to \(folder.path)") }
    }

    /// Replaces the content.
    package func fill(_ bytes: UnsafeRawBufferPointer) {
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count else {
            Harness.stop("the input cannot be written")
        }
    }
}
