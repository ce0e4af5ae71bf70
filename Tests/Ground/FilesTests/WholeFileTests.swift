import Files
import Foundation
import Testing

@Suite struct WholeFileTests {
    private struct Failure: Error {}
    private let folder: PrivateFolder

    init() throws { folder = try PrivateFolder() }

    private func path(_ name: String) -> String { folder.url.appending(path: name).path }
    private var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder.url.path) } }

    @Test func theNameHasAllOfItAndNothingElseStays() throws {
        try WholeFile.write(to: path("a"), mode: 0o600) { file in try file.write(Array("new".utf8)) }
        #expect(try String(contentsOfFile: path("a"), encoding: .utf8) == "new")
        #expect(try names == ["a"])
        #expect(try FileDescriptor(path("a"), O_RDONLY).facts().st_mode & 0o777 == 0o600)
    }

    @Test func whatFailsLeavesTheOldOne() throws {
        try WholeFile.write(to: path("a")) { file in try file.write(Array("old".utf8)) }
        #expect(throws: Failure.self) {
            try WholeFile.write(to: path("a")) { file in
                try file.write(Array("half".utf8))
                throw Failure()
            }
        }
        #expect(try String(contentsOfFile: path("a"), encoding: .utf8) == "old")
        #expect(try names == ["a"])
    }

    @Test func aFolderThatIsNotThereIsTheSystemsWord() throws {
        let error = #expect(throws: SystemFailure.self) { try WholeFile.write(to: path("none/a")) { _ in } }
        #expect(error?.isMissing == true)
        #expect(error?.description == "cannot open a file: No such file or directory")
    }
}
