import Foundation
import Glibc
import Messaging
import Testing
import Threads

/// A TLS server with a certificate of its own authority, that speaks no AMQP: it dies as soon as a handshake succeeded.
final class TLSServer: Sendable {
    private static let openssl = URL(filePath: "/usr/bin/openssl")
    static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: openssl.path) }

    let port: Int
    let certificate: String
    private let folder: URL
    private let processIdentifier: Int32

    private init(port: Int, folder: URL, processIdentifier: Int32) {
        (self.port, self.folder, self.processIdentifier) = (port, folder, processIdentifier)
        certificate = folder.appending(path: "certificate.pem").path
    }

    /// SIGKILL, since a child inherits its parent thread's mask of blocked signals.
    deinit {
        kill(processIdentifier, SIGKILL)
        try? FileManager.default.removeItem(at: folder)
    }

    /// - Parameter host: whom the certificate names.
    static func start(certificateFor host: String) async throws -> TLSServer {
        // Waiting for processes blocks: not on Swift's cooperative pool.
        try await withCheckedThrowingContinuation { started in
            OwnThread.start("columna.test") { run(host, started) }
        }
    }

    private static func run(_ host: String, _ started: CheckedContinuation<TLSServer, any Error>) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "columna-tls-\(UUID().uuidString)")
        let (key, certificate) = (
            folder.appending(path: "key.pem").path, folder.appending(path: "certificate.pem").path
        )
        let output = Pipe()
        let server: Process
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let request = [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-keyout", key,
                "-out", certificate, "-subj", "/CN=\(host)", "-addext", "subjectAltName=DNS:\(host)",
            ]
            try process(request, output: FileHandle.nullDevice).waitUntilExit()
            server = try process(
                ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key], output: output)
        } catch {
            started.resume(throwing: error)
            return
        }
        // It says "ACCEPT 127.0.0.1:port" when it listens, and "CIPHER is …" when a handshake succeeded.
        var text = ""
        var listens = false
        while let part = try? output.fileHandleForReading.read(upToCount: 1), !part.isEmpty {
            text += String(decoding: part, as: UTF8.self)
            if !listens, let match = text.firstMatch(of: /ACCEPT [0-9.]+:([0-9]+)\n/) {
                listens = true
                started.resume(
                    returning: TLSServer(
                        port: Int(match.1) ?? 0, folder: folder, processIdentifier: server.processIdentifier))
            }
            if text.contains("CIPHER is") { kill(server.processIdentifier, SIGKILL) }
        }
        if !listens { started.resume(throwing: POSIXError(.ECONNREFUSED)) }
    }

    private static func process(_ arguments: [String], output: Any) throws -> Process {
        let process = Process()
        process.executableURL = openssl
        process.arguments = arguments
        process.standardInput = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}

@Suite(.enabled(if: TLSServer.isPossible)) struct TLSTests {
    private static func connect(_ server: TLSServer, authorities: String?) async throws -> MessagingError {
        let url = try BrokerURL("amqps://guest:secret@localhost:\(server.port)", authorities: authorities)
        let error = try #require(await #expect(throws: MessagingError.self) { try await Publisher.connect(url) })
        #expect(!error.description.contains("secret"))
        return error
    }

    @Test func certificateOfAnotherHostIsRefused() async throws {
        let server = try await TLSServer.start(certificateFor: "elsewhere.example")
        #expect(try await Self.connect(server, authorities: server.certificate).code == .tls)
    }

    @Test func certificateOfAnUnknownAuthorityIsRefused() async throws {
        let server = try await TLSServer.start(certificateFor: "localhost")
        #expect(try await Self.connect(server, authorities: nil).code == .tls)
    }

    /// The handshake succeeds; then the server goes away instead of answering as a broker would.
    @Test func rightCertificateIsAccepted() async throws {
        let server = try await TLSServer.start(certificateFor: "localhost")
        #expect(try await Self.connect(server, authorities: server.certificate).code != .tls)
    }

    @Test func missingAuthoritiesFileIsNamedByItsVariable() async throws {
        let url = try BrokerURL("amqps://localhost:1", authorities: "/nonexistent/ca.pem")
        let error = await #expect(throws: MessagingError(.tls, "")) { try await Publisher.connect(url) }
        #expect(error?.description.contains("COLUMNA_BROKER_CA") == true)
    }
}
