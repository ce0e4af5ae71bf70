import Foundation
import Glibc
import Synchronization
import Threads

/// Stands between a client and the broker, to cut or to freeze their connection, or to send what a client of ours would
/// not.
package final class TCPProxy: Sendable {
    package let port: Int
    private let listener: Int32
    private let target: Int
    private let sockets = Mutex<[Int32]>([])
    private let isFrozen = Mutex(false)

    /// Of what the client sends, this is replaced by bytes 0xFF, which are no UTF-8.
    private let marker: [UInt8]

    /// Forwards 127.0.0.1:`port` to 127.0.0.1:`target`.
    package init(to target: Int, spoiling marker: String = "") throws {
        self.target = target
        self.marker = Array(marker.utf8)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) | listen(listener, 8) | getsockname(listener, $0, &length)
            }
        }
        guard status == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: address.sin_port))
        OwnThread.start("columna.test") { self.accept() }
    }

    /// Ends every connection, as a broker that is killed does.
    package func cut() {
        sockets.withLock { sockets in
            sockets.forEach { shutdown($0, Int32(SHUT_RDWR)) }
            sockets = []
        }
    }

    /// Keeps the connections open, and swallows what is sent: a cable pulled somewhere.
    package func freeze() { isFrozen.withLock { $0 = true } }

    package func close() {
        cut()
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func accept() {
        while case let client = Glibc.accept(listener, nil, nil), client >= 0 {
            let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = Self.loopback(target)
            _ = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            sockets.withLock { $0 += [client, server] }
            OwnThread.start("columna.test") { self.connect(client, server) }
        }
        Glibc.close(listener)
    }

    /// Both descriptors stay open until neither direction uses them and `cut` has forgotten them: a number given away
    /// early would be another test's connection.
    private func connect(_ client: Int32, _ server: Int32) {
        let answered = DispatchSemaphore(value: 0)
        OwnThread.start("columna.test") {
            self.forward(server, client, [])
            answered.signal()
        }
        forward(client, server, marker)
        answered.wait()
        sockets.withLock { $0.removeAll { [client, server].contains($0) } }
        for socket in [client, server] { Glibc.close(socket) }
    }

    private func forward(_ source: Int32, _ sink: Int32, _ marker: [UInt8]) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = read(source, &buffer, buffer.count), count > 0 {
            if isFrozen.withLock({ $0 }) { continue }
            spoil(&buffer, count, marker)
            var sent = 0
            while sent < count {
                let part = buffer.withUnsafeBytes {
                    send(sink, $0.baseAddress! + sent, count - sent, Int32(MSG_NOSIGNAL))
                }
                if part <= 0 { break }
                sent += part
            }
        }
        for socket in [source, sink] { shutdown(socket, Int32(SHUT_RDWR)) }
    }

    private func spoil(_ buffer: inout [UInt8], _ count: Int, _ marker: [UInt8]) {
        guard !marker.isEmpty, count >= marker.count else { return }
        var position = 0
        while position + marker.count <= count {
            let range = position..<position + marker.count
            if buffer[range].elementsEqual(marker) {
                for index in range { buffer[index] = 0xFF }
                position = range.upperBound
            } else {
                position += 1
            }
        }
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
