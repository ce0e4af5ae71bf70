import Glibc
import TestSupport

/// A port of the loopback interface where nobody listens, and nobody else can as long as this object lives.
final class SilentPort {
    private let socket: LoopbackSocket
    var number: Int { socket.port }

    init() throws { socket = try LoopbackSocket() }

    deinit { close(socket.descriptor) }
}
