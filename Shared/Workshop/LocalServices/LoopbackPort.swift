import Faults
import Glibc

/// TCP ports on 127.0.0.1.
package enum LoopbackPort {
    /// Ports nobody uses at the moment, all different.
    ///
    /// They lie below the range the kernel takes for outgoing connections. Inside it, a worker that tries again and
    /// again to reach a restarting server would sooner or later be given the server's own port, connect to itself and
    /// keep the server from returning.
    package static func unused(_ count: Int) throws(LocalServicesError) -> [Int] {
        var ports: Set<Int> = []
        for _ in 0..<2000 where ports.count < count {
            let port = Int.random(in: candidates)
            if isFree(port) { ports.insert(port) }
        }
        guard ports.count == count else {
            throw LocalServicesError(
                .portUnavailable,
                "no free port on 127.0.0.1 between \(candidates.lowerBound) and \(candidates.upperBound); end programs that listen there"
            )
        }
        return ports.shuffled()
    }

    private static let candidates: ClosedRange<Int> = {
        let range = SystemFile.text("/proc/sys/net/ipv4/ip_local_port_range")?.split(whereSeparator: \.isWhitespace)
            .first
        let first = range.flatMap { Int($0) } ?? 32_768
        return first > 12_000 ? max(10_000, first - 12_000)...(first - 1) : 61_000...65_000
    }()

    /// Whether a server could listen there now. Connections in TIME_WAIT do not count, as they do not for the servers
    /// (SO_REUSEADDR).
    package static func isFree(_ port: Int) -> Bool {
        let handle = newSocket()
        guard handle >= 0 else { return false }
        defer { close(handle) }
        var yes: Int32 = 1
        setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        return bind(handle, to: port) && listen(handle, 1) == 0
    }

    /// Whether an AMQP 0-9-1 broker answers: it greets a protocol header with a method frame (specification 2.2.4,
    /// 4.2.2).
    package static func speaksAMQP(_ port: Int) -> Bool {
        let handle = newSocket()
        guard handle >= 0 else { return false }
        defer { close(handle) }
        var limit = timeval(tv_sec: 2, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(handle, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        let header: [UInt8] = [0x41, 0x4D, 0x51, 0x50, 0, 0, 9, 1]
        guard withAddress(port, { connect(handle, $0, $1) }) == 0,
            send(handle, header, header.count, Int32(MSG_NOSIGNAL)) == header.count
        else { return false }
        var frameType: UInt8 = 0
        return recv(handle, &frameType, 1, 0) == 1 && frameType == 1
    }

    private static func newSocket() -> Int32 { socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0) }

    private static func bind(_ handle: Int32, to port: Int) -> Bool {
        withAddress(port) { Glibc.bind(handle, $0, $1) } == 0
    }

    private static func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
