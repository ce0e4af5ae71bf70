import Foundation
import Networks
import PyTorchFiles
import TestSupport
import Testing

/// `columna models get`, as a person types it, against a server of ours in the publisher's place.
@Suite struct PublicModelCommandTests {
    private let folder: TemporaryFolder
    private let output: String

    init() throws {
        folder = try TemporaryFolder()
        output = folder.file("model.safetensors").path
    }

    private func get(_ server: ScriptedServer?, _ more: [String] = ["--accept-licence"]) throws -> Program.Result {
        let mirror = server.map { ["--url", "http://127.0.0.1:\($0.port)/"] } ?? []
        return try Program.run(
            ["models", "get", "monailabel-segmentation", "-o", output, "--folder", folder.file("cache").path] + mirror
                + more)
    }

    /// A SegResNet of the published layout with few filters, as torch.save writes it.
    private static func checkpoint() throws -> Data {
        let network = SegResNet.Configuration(
            outputChannels: 26, initialFilters: 8, blocksDown: [1, 2, 2, 4], blocksUp: [1, 1, 1])
        return try PyTorchFile.serialized(Network(configuration: .segResNet(network), seed: 3).parameters.named)
    }

    private static func answer(_ body: some Collection<UInt8>, type: String) -> [UInt8] {
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        return Array(head.utf8) + body
    }

    private var downloads: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.file("cache").path) }
    }

    @Test func theFileIsDownloadedTriedAndWritten() throws {
        let checkpoint = try Self.checkpoint()
        let server = try ScriptedServer(bytes: { _, _ in Self.answer(checkpoint, type: "application/octet-stream") })
        let result = try get(server)
        #expect(result.status == 0 && result.output.contains("tried on a phantom"), "\(result.errors)")
        #expect(server.requests.map(\.line) == ["GET /radiology_segmentation_segresnet_multilabel.pt HTTP/1.1"])
        #expect(FileManager.default.fileExists(atPath: output))
        #expect(try downloads.isEmpty)
    }

    @Test func nothingIsAskedForBeforeTheLicenceIsAccepted() throws {
        let server = try ScriptedServer { _, _ in "" }
        let result = try get(server, [])
        #expect(result.status == 64 && result.errors.contains("Apache-2.0"), "\(result.errors)")
        #expect(result.errors.contains("--accept-licence") && server.requests.isEmpty)
    }

    /// As a hotel's network answers, with status 200.
    @Test func aPageInPlaceOfTheFileIsThrownAwaySoThatTheNextGoAsksAgain() throws {
        let checkpoint = try Self.checkpoint()
        let server = try ScriptedServer(bytes: { _, number in
            number == 1
                ? Self.answer("<html>Log in</html>".utf8, type: "text/html")
                : Self.answer(checkpoint, type: "application/octet-stream")
        })
        let result = try get(server)
        #expect(result.status == 65 && result.errors.contains("it was thrown away"), "\(result.errors)")
        #expect(try downloads.isEmpty && !FileManager.default.fileExists(atPath: output))
        #expect(try get(server).status == 0)
    }

    @Test func aFileThatWasBroughtIsNeverThrownAway() throws {
        let page = try folder.file("page.pt", Data("<html>Log in</html>".utf8))
        let result = try get(nil, ["--accept-licence", "--file", page.path])
        #expect(result.status == 65 && !result.errors.contains("thrown away"), "\(result.errors)")
        #expect(FileManager.default.fileExists(atPath: page.path))
    }
}
