package import Foundation
import Glibc
import Synchronization

/// An HTTP server on loopback that answers each request with the bytes its script gives, and closes the connection.
package final class ScriptedServer: Sendable {
    package struct Request: Sendable {
        package var line: String
        package var headers: [String]
        package var body: Data

        /// A header field's value.
        package func field(_ name: String) -> String? {
            let start = name.lowercased() + ":"
            return headers.first { $0.lowercased().hasPrefix(start) }.map {
                $0.dropFirst(start.count).trimmingCharacters(in: .whitespaces)
            }
        }
    }

    package let port: Int
    private let listener: Int32
    private let box = Box()

    private final class Box: Sendable {
        let requests = Mutex<[Request]>([])
    }

    package var requests: [Request] { box.requests.withLock { $0 } }
    package var url: URL { URL(string: "http://127.0.0.1:\(port)/dicom-web")! }

    package convenience init(_ script: @escaping @Sendable (Request, _ number: Int) -> String) throws {
        try self.init(bytes: { Array(script($0, $1).utf8) })
    }

    package init(bytes script: @escaping @Sendable (Request, _ number: Int) -> [UInt8]) throws {
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

    private static func serve(_ connection: Int32, _ box: Box, _ script: (Request, Int) -> [UInt8]) {
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
        let answer = script(request, number)
        var rest = answer[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    package static func answer(
        _ status: String, type: String = "application/dicom+json", headers: [String] = [], _ body: String = ""
    ) -> String {
        (["HTTP/1.1 \(status)", "Content-Type: \(type)", "Content-Length: \(body.utf8.count)", "Connection: close"]
            + headers).joined(separator: "\r\n")
            + "\r\n\r\n" + body
    }

    package static let multipart = "multipart/related; type=\"application/dicom\"; boundary=b"
}
