package import Foundation

/// An input that a fuzzer found or somebody thought of: a file under Tests/Fixtures/fuzz/READER whose name says how
/// reading it must end.
package struct HostileInput: Sendable, CustomStringConvertible {
    package let file: URL
    /// What stands before the two dashes: the code of the error, or `value`.
    package let outcome: String

    package var description: String { file.lastPathComponent }

    /// All of a reader's. An empty folder would make a test that cannot fail, so it stops the tests.
    package static func all(of reader: String) -> [HostileInput] {
        let folder = Fixtures.url("fuzz/\(reader)")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        precondition(!names.isEmpty, "there are no hostile inputs in Tests/Fixtures/fuzz/\(reader)")
        return names.sorted().map { name in
            HostileInput(file: folder.appending(path: name), outcome: name.components(separatedBy: "--")[0])
        }
    }

    /// How reading ended, in the words of the file's name; nil for an error of another type, or one that says nothing
    /// or too much.
    package func outcome<Failure: Error>(_ read: (HostileInput) throws -> Void, code: (Failure) -> String) -> String? {
        do {
            try read(self)
            return "value"
        } catch let error as Failure {
            return (1...4096).contains(String(describing: error).utf8.count) ? code(error) : nil
        } catch {
            return nil
        }
    }
}
