import Foundation
import Glibc

/// `openssl s_server` on loopback with a certificate for 127.0.0.1 that its own key has signed; answers every request
/// with a page about itself.
final class CertifiedServer {
    static let program = "/usr/bin/openssl"

    let port: Int
    private let process: Process
    private let output = Pipe()

    /// Makes key and certificate, starts the server at a port that the kernel chooses, and returns when it listens.
    init(certificate: URL, key: URL) throws {
        let request = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-addext",
            "subjectAltName=IP:127.0.0.1",
        ]
        let made = Self.openssl(request + ["-keyout", key.path, "-out", certificate.path])
        try made.run()
        made.waitUntilExit()
        guard made.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        process = Self.openssl([
            "s_server", "-accept", "127.0.0.1:0", "-cert", certificate.path, "-key", key.path, "-www",
        ])
        process.standardOutput = output
        try process.run()
        do { port = try Self.announcedPort(output.fileHandleForReading) } catch {
            Self.end(process)
            throw error
        }
    }

    deinit { shutDown() }

    /// SIGKILL: Foundation starts processes with other signals blocked. Returns when it is gone.
    func shutDown() { Self.end(process) }

    private static func openssl(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return process
    }

    private static func end(_ process: Process) {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Reads as far as the line `ACCEPT 127.0.0.1:PORT`.
    private static func announcedPort(_ output: FileHandle) throws -> Int {
        var text = ""
        while let piece = try output.read(upToCount: 1), !piece.isEmpty {
            text += String(decoding: piece, as: UTF8.self)
            if let match = text.firstMatch(of: /ACCEPT 127\.0\.0\.1:([0-9]+)\n/), let port = Int(match.1) {
                return port
            }
        }
        throw CocoaError(.executableLoad)
    }
}
