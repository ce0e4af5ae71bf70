import Foundation
import LocalServices
import Testing
import Threads

/// A socket that listens on 127.0.0.1 and hangs up on whoever comes.
final class Listener: Sendable {
    let port: Int
    private let handle: Int32
    private let ended = DispatchSemaphore(value: 0)

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
        let (handle, ended, size) = (handle, ended, socklen_t(MemoryLayout<sockaddr_in>.size))
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(handle, $0, size) }
        }
        try #require(result == 0 && listen(handle, 4) == 0)
        OwnThread.start("columna.test") {
            while true {
                let guest = accept(handle, nil, nil)
                guard guest >= 0 else { break }
                _ = Glibc.close(guest)
            }
            // By its only user: another thread's close(2) would give the number away under it.
            _ = Glibc.close(handle)
            ended.signal()
        }
    }

    /// Returns when the port is free. shutdown(2) wakes the thread in accept(2).
    func close() {
        shutdown(handle, Int32(SHUT_RDWR))
        ended.wait()
    }
}
