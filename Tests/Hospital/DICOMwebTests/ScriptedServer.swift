import Foundation
import Glibc
import Synchronization

/// An HTTP server on loopback that answers each request with the bytes its script gives, and closes the connection.
final class ScriptedServer: Sendable {
    struct Request: Sendable {
        var line: String
        var headers: [String]
        var body: Data
    }

    let port: Int
    private let listener: Int32
    private let box = Box()

    private final class Box: Sendable {
        let requests = Mutex<[Request]>([])
    }

    var requests: [Request] { box.requests.withLock { $0 } }
    var url: URL { URL(string: "http://127.0.0.1:\(port)/dicom-web")! }

    init(_ script: @escaping @Sendable (Request, _ number: Int) -> String) throws {
        let socket = try LoopbackSocket()
        let listener = socket.descriptor
        guard listen(listener, 16) == 0 else { throw POSIXError(.EADDRINUSE) }
        self.listener = listener
        port = socket.port
        let box = box
        let thread = Thread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                Self.serve(connection, box, script)
                close(connection)
            }
            // Here and nowhere else: closed by another thread, its number would belong to another test's server before
            // this one looks at it again, and that test would be given this script's answers.
            close(listener)
        }
        thread.start()
    }

    /// Ends the thread, which waits in accept(2).
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    private static func serve(_ connection: Int32, _ box: Box, _ script: (Request, Int) -> String) {
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let end = Data("\r\n\r\n".utf8)
        var wanted: Int?
        while wanted == nil || data.count < (wanted ?? 0) {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            data += buffer.prefix(count)
            // A TLS handshake.
            if data.first == 0x16 { break }
            if wanted == nil, let found = data.range(of: end) {
                let lines = String(decoding: data[..<found.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
                let length = lines.first { $0.lowercased().hasPrefix("content-length:") }.flatMap {
                    Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces))
                }
                wanted = found.upperBound + (length ?? 0)
            }
        }
        guard let found = data.range(of: end) else {
            let refusal = Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
            _ = send(connection, refusal, refusal.count, Int32(MSG_NOSIGNAL))
            return
        }
        let lines = String(decoding: data[..<found.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let request = Request(line: lines[0], headers: Array(lines.dropFirst()), body: Data(data[found.upperBound...]))
        let number = box.requests.withLock { requests in
            requests.append(request)
            return requests.count
        }
        let answer = Array(script(request, number).utf8)
        var rest = answer[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    static func answer(
        _ status: String, type: String = "application/dicom+json", headers: [String] = [], _ body: String = ""
    ) -> String {
        (["HTTP/1.1 \(status)", "Content-Type: \(type)", "Content-Length: \(body.utf8.count)", "Connection: close"]
            + headers).joined(separator: "\r\n")
            + "\r\n\r\n" + body
    }

    static let multipart = "multipart/related; type=\"application/dicom\"; boundary=b"
}

/// A folder that goes with the object.
final class ScratchFolder: Sendable {
    let url = FileManager.default.temporaryDirectory.appending(path: "columna-dicomweb-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? [] }
}
