import Faults
import Foundation

/// `mpirun` with the ranks of one computation, all of which end with it: lines go to the first of them and come from it.
///
/// Nothing here waits for longer than it is asked to, whatever the launcher does: one that hangs, before its ranks are
/// there or after, is ended with everything in its process group.
package final class RankLauncher {
    package enum Reading: Equatable {
        case line(String)
        /// None came in the time given.
        case nothing
        /// All ranks are gone.
        case end
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var unread = Data()
    private var unsent = Data()
    private let ended = DispatchSemaphore(value: 0)
    private var hasEnded = false
    private let secondsToEnd: Double

    /// Starts them.
    ///
    /// - Parameters:
    ///   - program: the path of `mpirun`.
    ///   - secondsToEnd: what it is given to end all ranks before it is killed.
    /// - Throws: `RankError.notStarted`.
    package init(
        _ program: String, arguments: [String], environment: [String: String], secondsToEnd: Double = 10
    ) throws(RankError) {
        self.secondsToEnd = secondsToEnd
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = environment
        // Who writes to ranks that are gone shall live.
        signal(SIGPIPE, SIG_IGN)
        (process.standardInput, process.standardOutput) = (input, output)
        process.terminationHandler = { [ended] _ in ended.signal() }
        do { try process.run() } catch {
            throw RankError(.notStarted, "\(program) cannot be started: \(error.localizedDescription)")
        }
        try? output.fileHandleForWriting.close()
        try? input.fileHandleForReading.close()
        let descriptor = input.fileHandleForWriting.fileDescriptor
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    /// Sends a line, at the latest while the next one is waited for.
    package func tell(_ line: some StringProtocol) {
        unsent.append(contentsOf: Data((line + "\n").utf8))
        send()
    }

    /// As much as is taken at once. Ranks that are gone do not read; that shows where their lines end.
    private func send() {
        let descriptor = input.fileHandleForWriting.fileDescriptor
        while !unsent.isEmpty {
            let count = unsent.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return }
            unsent = count < 0 ? Data() : Data(unsent.dropFirst(count))
        }
    }

    /// The next line, waiting for it until then.
    package func next(until due: ContinuousClock.Instant) -> Reading {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: unread[unread.startIndex..<end], as: UTF8.self)
                unread = Data(unread[(end + 1)...])
                return .line(line)
            }
            let left = (due - .now) / .milliseconds(1)
            guard left > 0 else { return .nothing }
            var waiting = [pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)]
            if !unsent.isEmpty {
                waiting.append(
                    pollfd(fd: input.fileHandleForWriting.fileDescriptor, events: Int16(POLLOUT), revents: 0))
            }
            guard poll(&waiting, nfds_t(waiting.count), Int32(left.rounded(.up))) > 0 else { continue }
            if waiting.count > 1, waiting[1].revents != 0 { send() }
            if waiting[0].revents != 0, !receive() { return .end }
        }
    }

    /// False: nothing comes any more.
    private func receive() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(output.fileHandleForReading.fileDescriptor, &bytes, bytes.count)
        if count < 0, errno == EINTR { return true }
        guard count > 0 else { return false }
        unread.append(contentsOf: bytes[..<count])
        return true
    }

    /// Waits until ranks that have done their work are gone.
    package func leave() { hasEnded = ended.wait(timeout: .now() + 30) == .success }

    /// Ends all ranks, wherever they stand, and waits until the launcher is gone.
    package func end() {
        defer { try? input.fileHandleForWriting.close() }
        guard !hasEnded else { return }
        hasEnded = true
        let process = process.processIdentifier
        // Its group is its own, as Foundation starts it; a group that is this program's must not be meant.
        let group = getpgid(process) == process ? -process : process
        kill(group, SIGTERM)
        guard ended.wait(timeout: .now() + secondsToEnd) == .timedOut else { return }
        kill(group, SIGKILL)
        ended.wait()
    }
}
