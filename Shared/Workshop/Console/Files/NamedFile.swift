package import Foundation

/// A file that an option or argument names. Its errors say which option, which file and what is wrong with it.
package struct NamedFile: Sendable {
    package let option: String
    package let path: String

    package init(_ option: String, _ path: String) {
        self.option = option
        self.path = path
    }

    /// The file's bytes as `parse` understands them. Mapped, not copied: models are large.
    package func read<Value>(_ parse: (Data) throws -> Value) throws -> Value {
        let data = try bytes()
        do {
            return try parse(data)
        } catch {
            let failure = CommandFailure(error)
            throw CommandFailure(failure.code, "\(option) \(path): \(failure.description)")
        }
    }

    private func bytes() throws -> Data {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw failure("does not exist")
        }
        guard !isFolder.boolValue else { throw failure("is a folder, expected a file") }
        do {
            return try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
        } catch {
            throw failure("is not readable")
        }
    }

    private func failure(_ what: String) -> CommandFailure {
        CommandFailure(.badData, "\(option): file \(path) \(what)")
    }
}
