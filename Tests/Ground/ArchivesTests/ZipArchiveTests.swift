import Archives
import Files
import Foundation
import Testing

@Suite struct ZipArchiveTests {
    private let contents = [("a.txt", Data("hello".utf8)), ("b/c", Data(repeating: 7, count: 1000))]

    private func archive() throws -> Data {
        var writer = ZipWriter()
        for (name, content) in contents { try writer.add(name, content) }
        return writer.finished()
    }

    private func refusal(_ data: Data, _ change: (inout ZipLimits) -> Void) -> ZipError? {
        var limits = ZipLimits()
        change(&limits)
        do throws(ZipError) {
            _ = try ZipArchive(data, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    /// A loopback device has no speed, so the kernel refuses to read what it shows as a regular file of a page.
    @Test(.enabled(if: access("/sys/class/net/lo/speed", R_OK) == 0))
    func aDiskThatFailsWhileItIsReadIsNoFaultOfTheArchive() throws {
        let file = try ZipFile("/sys/class/net/lo/speed")
        let error = #expect(throws: ZipError.self) { try ZipArchive(file, limits: ZipLimits()) }
        #expect(error?.code == .unreadable)
    }

    @Test func whatIsWrittenIsReadFromMemoryAndFromAFile() throws {
        let folder = try PrivateFolder()
        let file = folder.url.appending(path: "a.zip")
        try archive().write(to: file)
        let sources: [any ZipSource] = [try archive(), try ZipFile(file.path)]
        for source in sources {
            let archive = try ZipArchive(source, limits: ZipLimits())
            #expect(archive.entries.map(\.name) == contents.map(\.0))
            for (name, content) in contents {
                let entry = try #require(archive.entry(name))
                #expect(try archive.content(of: entry, limit: 1000) == content)
            }
        }
    }

    @Test func eachLimitIsKept() throws {
        let data = try archive()
        #expect(refusal(data) { _ in } == nil)
        #expect(refusal(data) { $0.entries = 1 }?.code == .tooLarge)
        #expect(refusal(data) { $0.directoryByteCount = 50 }?.code == .tooLarge)
        #expect(refusal(data) { $0.entryByteCount = 999 }?.entry == "b/c")
        #expect(refusal(data) { $0.totalByteCount = 1004 }?.code == .tooLarge)
        #expect(refusal(data) { ($0.ratio, $0.smallTotalByteCount) = (0, 1004) }?.code == .tooLarge)
        #expect(refusal(data) { ($0.ratio, $0.smallTotalByteCount) = (0, 1005) } == nil)
    }

    @Test func namesMustBePlainWhereTheyAreUsed() throws {
        for name in ["ab:c", "a\\b", "a\u{1}b"] {
            var writer = ZipWriter()
            try writer.add(name, Data())
            let data = writer.finished()
            #expect(refusal(data) { _ in }?.code == .malformed)
            #expect(refusal(data) { $0.areNamesUsed = false } == nil)
        }
    }

    @Test func bytesBehindTheDirectoryAreLetPassOnlyWhereAllowed() throws {
        let data = try archive() + Data([0, 0])
        #expect(refusal(data) { _ in }?.fact == "it has no directory at its end; it may be cut")
        #expect(refusal(data) { $0.allowsTrailingBytes = true } == nil)
    }

    @Test func anArchiveThatIsCutWhileItIsReadIsAnError() throws {
        let folder = try PrivateFolder()
        let file = folder.url.appending(path: "a.zip")
        try archive().write(to: file)
        let archive = try ZipArchive(ZipFile(file.path), limits: ZipLimits())
        #expect(truncate(file.path, 100) == 0)
        let entry = try #require(archive.entry("b/c"))
        #expect(throws: ZipError.self) { try archive.content(of: entry, limit: 1000) }
    }
}
