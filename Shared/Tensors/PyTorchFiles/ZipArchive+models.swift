package import Archives
import Faults
package import Foundation

extension ZipArchive {
    /// An archive of models in memory (mapped).
    ///
    /// - Throws: `malformedArchive` naming the entry and what is wrong, `unsupported` for encryption and other
    ///   compressions.
    package init(data: Data) throws {
        do throws(ZipError) {
            try self.init(data, limits: ZipLimits())
        } catch {
            throw PyTorchFileError(error)
        }
    }

    /// An entry's bytes, decompressed; their check sum is right. Stored ones are not copied.
    ///
    /// - Throws: `malformedArchive`, also if the entry has more than `limit` bytes.
    package func bytes(_ entry: ZipEntry, limit: Int) throws -> Data {
        do throws(ZipError) {
            return try content(of: entry, limit: limit)
        } catch {
            throw PyTorchFileError(error)
        }
    }
}

extension ZipWriter {
    /// - Throws: `unsupported` when the archive would pass four gigabytes.
    mutating func put(_ name: String, _ content: Data) throws(PyTorchFileError) {
        do throws(ZipError) {
            try add(name, content)
        } catch {
            throw PyTorchFileError(
                .unsupported,
                "the file would pass the four gigabytes and 65535 entries of a plain zip archive; export safetensors instead"
            )
        }
    }
}

extension PyTorchFileError {
    init(_ error: ZipError) {
        let text =
            if let entry = error.entry {
                "the entry \(entry) of the archive \(error.fact)"
            } else {
                "the archive is torn or damaged: \(error.fact)"
            }
        self.init(error.code == .unsupported ? .unsupported : .malformedArchive, text)
    }
}
