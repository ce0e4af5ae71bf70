import Foundation
import LocalServices
import Testing

/// A socket that listens on 127.0.0.1 and hangs up on whoever comes.
final class Listener: Sendable {
    let port: Int
    private let handle: Int32

    /// - Parameter port: nil for any that is free.
    init(port wanted: Int? = nil) throws {
        port = try wanted ?? LoopbackPort.unused(1)[0]
        handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // As servers do; without it the port stays taken while closed connections linger.
        var yes: Int32 = 1
        setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let (handle, size) = (handle, socklen_t(MemoryLayout<sockaddr_in>.size))
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(handle, $0, size) }
        }
        try #require(result == 0 && listen(handle, 4) == 0)
        Thread.detachNewThread {
            while true {
                let guest = accept(handle, nil, nil)
                guard guest >= 0 else { return }
                _ = Glibc.close(guest)
            }
        }
    }

    /// shutdown(2) first: it wakes the thread in accept(2), which close(2) alone does not.
    func close() {
        shutdown(handle, Int32(SHUT_RDWR))
        _ = Glibc.close(handle)
    }
}
