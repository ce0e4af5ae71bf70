import Faults
import Foundation
import PublicModels
import Synchronization
import TestSupport
import Testing

@Suite struct ResumableDownloadTests {
    private let folder: TemporaryFolder
    private let bytes: [UInt8]
    private let target: URL

    init() throws {
        folder = try TemporaryFolder()
        target = folder.file("model.pt")
        bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    }

    private func download(
        _ server: ScriptedServer, path: String = "model.pt", largest: Int = 1_000_000,
        progress: @escaping (ResumableDownload.Progress) -> Void = { _ in }
    ) throws {
        let url = try #require(URL(string: "http://127.0.0.1:\(server.port)/\(path)"))
        try ResumableDownload(url, to: target, largestByteCount: largest, timeout: .seconds(5)).run(progress: progress)
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() }
    }

    @Test func aFileComesWholeAndNothingElseIsLeft() throws {
        let file = PublishedFile(bytes: bytes)
        let server = try ScriptedServer(bytes: { file.answer($0, $1) })
        var last: ResumableDownload.Progress?
        try download(server) { last = $0 }
        #expect(try Data(contentsOf: target) == Data(bytes))
        #expect(try names == ["model.pt"])
        #expect(last == ResumableDownload.Progress(byteCount: bytes.count, total: bytes.count))
        #expect(server.requests.count == 1 && server.requests[0].field("Range") == nil)
    }

    @Test func aConnectionThatBreaksIsTakenUpWhereItEnded() throws {
        let file = PublishedFile(bytes: bytes, ends: [1: 100_000, 2: 50_000])
        let server = try ScriptedServer(bytes: { file.answer($0, $1) })
        try download(server)
        #expect(try Data(contentsOf: target) == Data(bytes))
        #expect(server.requests.map { $0.field("Range") } == [nil, "bytes=100000-", "bytes=150000-"])
        #expect(server.requests[1].field("If-Range") == "\"one\"")
    }

    @Test func whatCameIsKeptForTheNextCommand() throws {
        let file = PublishedFile(bytes: bytes, ends: [1: 120_000, 2: 0])
        let server = try ScriptedServer(bytes: { file.answer($0, $1) })
        let error = #expect(throws: PublicModelError.self) { try download(server) }
        #expect(error?.code == .incomplete && error?.description.contains("after 120000 bytes") == true, "\(error!)")
        #expect(try names == ["model.pt.part", "model.pt.part.json"])
        var first: ResumableDownload.Progress?
        try download(server) { if first == nil { first = $0 } }
        #expect(try Data(contentsOf: target) == Data(bytes))
        #expect((first?.byteCount ?? 0) > 120_000)
        #expect(try names == ["model.pt"])
    }

    @Test func theRestOfAnotherFileIsNotPutBehindThePart() throws {
        let answers = Mutex(PublishedFile(bytes: bytes, ends: [1: 120_000, 2: 0]))
        let server = try ScriptedServer(bytes: { request, number in answers.withLock { $0 }.answer(request, number) })
        #expect(throws: PublicModelError(.incomplete, "")) { try download(server) }
        let other = bytes.map { $0 ^ 0xFF }
        answers.withLock { $0 = PublishedFile(bytes: other, tag: "\"two\"") }
        try download(server)
        #expect(try Data(contentsOf: target) == Data(other))
    }

    /// Of a server, or one between, that knows ranges and no conditions.
    @Test func theRestOfAnotherFileIsRefusedThoughTheServerOffersIt() throws {
        let answers = Mutex(PublishedFile(bytes: bytes, ends: [1: 120_000, 2: 0]))
        let server = try ScriptedServer(bytes: { request, number in answers.withLock { $0 }.answer(request, number) })
        #expect(throws: PublicModelError(.incomplete, "")) { try download(server) }
        let other = bytes.map { $0 ^ 0xFF }
        answers.withLock { $0 = PublishedFile(bytes: other, tag: "\"two\"", heedsConditions: false) }
        let error = #expect(throws: PublicModelError.self) { try download(server) }
        #expect(error?.code == .incomplete && error?.description.contains("another than the part") == true)
        try download(server)
        #expect(try Data(contentsOf: target) == Data(other))
    }

    @Test(arguments: [nil, "W/\"weak\""]) func withoutAStrongTagADownloadBeginsAnew(tag: String?) throws {
        let file = PublishedFile(bytes: bytes, tag: tag, ends: [1: 120_000, 2: 60_000])
        let server = try ScriptedServer(bytes: { file.answer($0, $1) })
        #expect(throws: PublicModelError(.incomplete, "")) { try download(server) }
        try download(server)
        #expect(try Data(contentsOf: target) == Data(bytes))
        #expect(server.requests.allSatisfy { $0.field("Range") == nil })
    }

    @Test func aPartThatIsAllIsNotLoadedAgain() throws {
        let file = PublishedFile(bytes: bytes, ends: [1: 120_000, 2: 0])
        let server = try ScriptedServer(bytes: { file.answer($0, $1) })
        #expect(throws: PublicModelError(.incomplete, "")) { try download(server) }
        // As if the process had been killed between the last byte and the file's name.
        try Data(bytes).write(to: target.appendingPathExtension("part"))
        try download(server)
        #expect(try Data(contentsOf: target) == Data(bytes))
        #expect(server.requests.last?.field("Range") == "bytes=300000-")
    }

    @Test func anAddressThatMovedIsFollowed() throws {
        let file = PublishedFile(bytes: bytes, ends: [2: 100_000])
        let server = try ScriptedServer(bytes: { request, number in
            guard request.line.contains("/old/") else { return file.answer(request, number) }
            let moved = ["HTTP/1.1 302 Found", "Location: /new/model.pt", "Content-Length: 4", "Connection: close"]
            return Array((moved.joined(separator: "\r\n") + "\r\n\r\ngone").utf8)
        })
        try download(server, path: "old/model.pt")
        #expect(try Data(contentsOf: target) == Data(bytes))
        #expect(server.requests.map { $0.field("Range") } == [nil, nil, "bytes=100000-", "bytes=100000-"])
    }

    @Test(arguments: ["404 Not Found", "403 Forbidden", "503 Service Unavailable"])
    func aRefusalIsNoFile(status: String) throws {
        let server = try ScriptedServer { _, _ in ScriptedServer.answer(status, type: "text/html", "<html>no</html>") }
        let error = #expect(throws: PublicModelError.self) { try download(server) }
        #expect(error?.code == .refused && error?.description.contains("status \(status.prefix(3))") == true)
        #expect(!FileManager.default.fileExists(atPath: target.path))
    }

    @Test func aFileThatIsTooLargeIsThrownAway() throws {
        let file = PublishedFile(bytes: bytes)
        let server = try ScriptedServer(bytes: { file.answer($0, $1) })
        #expect(throws: PublicModelError(.wrongFile, "")) { try download(server, largest: 200_000) }
        #expect(try names.isEmpty)
    }

    @Test func nobodyThereIsSaid() throws {
        let socket = try LoopbackSocket()
        defer { close(socket.descriptor) }
        let url = try #require(URL(string: "http://127.0.0.1:\(socket.port)/model.pt"))
        let error = #expect(throws: PublicModelError.self) {
            try ResumableDownload(url, to: target, largestByteCount: 10).run()
        }
        #expect(error?.code == .unreachable && error?.description.contains("--file") == true)
    }
}
