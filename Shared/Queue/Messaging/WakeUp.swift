import Glibc

/// Lets other threads end a poll(2) on a socket: a pipe that is polled beside it.
final class WakeUp: Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32

    init() throws(MessagingError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw MessagingError(
                .refused,
                "the system gives no pipe (\(String(cString: strerror(errno)))): raise the limit of open files")
        }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Any thread. The current or the next ``wait(for:milliseconds:)`` ends at once. A full pipe has been rung already.
    func ring() {
        var one: UInt8 = 1
        _ = write(writeEnd, &one, 1)
    }

    /// Sleeps until `socket` is readable, the bell is rung, or the time is over.
    func wait(for socket: Int32, milliseconds: Int32) {
        var descriptors = [
            pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
            pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&descriptors, 2, milliseconds) > 0, descriptors[1].revents != 0 else { return }
        var rings: [UInt8] = Array(repeating: 0, count: 256)
        while read(readEnd, &rings, rings.count) == rings.count {}
    }
}
