import Faults
import Foundation

/// A file that is written in pieces and appears whole or not at all.
struct ReportFile: ~Copyable {
    private let target: URL
    private let partial: URL
    private let handle: FileHandle

    /// Throws `notWritable`.
    init(_ name: String, in folder: URL) throws {
        target = folder.appending(path: name)
        partial = folder.appending(path: ".\(name).partial")
        do {
            try Data().write(to: partial)
            handle = try FileHandle(forWritingTo: partial)
        } catch {
            throw Self.failure(name)
        }
    }

    func append(_ text: String) throws {
        do { try handle.write(contentsOf: Data(text.utf8)) } catch { throw Self.failure(target.lastPathComponent) }
    }

    /// Puts the file in place of what was there.
    consuming func finish() throws {
        do {
            try handle.close()
            try? FileManager.default.removeItem(at: target)
            try FileManager.default.moveItem(at: partial, to: target)
        } catch {
            throw Self.failure(target.lastPathComponent)
        }
    }

    static func failure(_ name: String) -> ReportError {
        ReportError(.notWritable, "\(name) cannot be written into the report's folder: check permissions and space")
    }
}
