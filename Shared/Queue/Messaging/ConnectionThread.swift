import Glibc
import Synchronization
import Threads

/// The one thread that owns a connection, and the mailbox through which everyone else asks it for things.
///
///     others:  perform { … } ──> mailbox ──ring──┐
///     thread:  jobs → role.advance → events → role.handle → poll(socket, bell, at most a quarter of a heartbeat) ─┐
///              ^───────────────────────────────────────────────────────────────────────────────────────────────────┘
///
/// Asleep it costs nothing but a heartbeat; a job or a frame wakes it at once.
final class ConnectionThread<Role: ConnectionRole>: Sendable {
    private struct Mail: Sendable {
        let run: @Sendable (AMQPConnection, inout Role) throws(MessagingError) -> Void
        let refuse: @Sendable (MessagingError) -> Void
    }

    private struct State {
        var mailbox: [Mail] = []
        var stops = false
        /// Why nothing more is taken, once the thread has ended.
        var ended: MessagingError?
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    }

    /// rabbitmq-c decodes nested tables by recursion, so a sender decides how deep: room for the deepest one that fits
    /// a frame.
    private static var stackByteCount: Int { 32 << 20 }

    private let state = Mutex(State())
    private let bell: WakeUp

    private init() throws(MessagingError) { bell = try WakeUp() }

    /// Starts the thread, which connects; returns when the broker has accepted it and `makeRole` has prepared the
    /// channel.
    static func start(
        _ url: BrokerURL, name: String, makeRole: @escaping @Sendable (AMQPConnection) throws(MessagingError) -> Role
    ) async throws -> ConnectionThread {
        let thread = try ConnectionThread()
        try await withCheckedThrowingContinuation { (started: CheckedContinuation<Void, any Error>) in
            OwnThread.start("columna.broker", stackByteCount: Self.stackByteCount) {
                thread.run(url, name, makeRole, started)
            }
        }
        return thread
    }

    /// Runs `job` on the thread and answers its result. Jobs run in the order of their arrival.
    func perform<Result: Sendable>(
        _ job: @escaping @Sendable (AMQPConnection, inout Role) throws(MessagingError) -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            send(
                Mail { connection, role throws(MessagingError) in
                    do throws(MessagingError) {
                        continuation.resume(returning: try job(connection, &role))
                    } catch {
                        continuation.resume(throwing: error)
                        if error.code == .connectionLost { throw error }
                    }
                } refuse: {
                    continuation.resume(throwing: $0)
                })
        }
    }

    /// Runs `job` on the thread some time. If the connection is lost first, `refuse` is called instead.
    func post(
        _ job: @escaping @Sendable (AMQPConnection, inout Role) throws(MessagingError) -> Void,
        refuse: @escaping @Sendable (MessagingError) -> Void = { _ in }
    ) {
        send(Mail(run: job, refuse: refuse))
    }

    /// Runs the jobs that are waiting, takes leave, closes; returns when the thread has ended. Harmless when repeated.
    func close() async {
        await withCheckedContinuation { continuation in
            let ended = state.withLock { state in
                state.stops = true
                if state.ended == nil { state.waitingForEnd.append(continuation) }
                return state.ended != nil
            }
            if ended { continuation.resume() } else { bell.ring() }
        }
    }

    /// Like ``close()``, without waiting.
    func stop() {
        state.withLock { $0.stops = true }
        bell.ring()
    }

    private func send(_ mail: Mail) {
        let refusal: MessagingError? = state.withLock { state in
            if let ended = state.ended { return ended }
            if state.stops { return Self.closed }
            state.mailbox.append(mail)
            return nil
        }
        if let refusal { mail.refuse(refusal) } else { bell.ring() }
    }

    private static var closed: MessagingError {
        MessagingError(.closed, "this connection to the broker has been closed: open another")
    }
}

// MARK: - On the thread

extension ConnectionThread {
    private func run(
        _ url: BrokerURL, _ name: String, _ makeRole: (AMQPConnection) throws(MessagingError) -> Role,
        _ started: CheckedContinuation<Void, any Error>
    ) {
        let connection: AMQPConnection
        var role: Role
        do throws(MessagingError) {
            connection = try AMQPConnection(url, name: name)
            role = try makeRole(connection)
        } catch {
            finish(error)
            started.resume(throwing: error)
            return
        }
        started.resume()
        do throws(MessagingError) {
            try loop(connection, &role, quarterOfHeartbeat: Int32(url.heartbeatInSeconds * 250))
            try role.leave(connection)
            connection.close()
            role.end(nil)
            finish(Self.closed)
        } catch {
            role.end(error)
            finish(error)
        }
    }

    /// - Parameter quarterOfHeartbeat: in milliseconds; the longest time between two calls that serve the heartbeat.
    private func loop(_ connection: AMQPConnection, _ role: inout Role, quarterOfHeartbeat: Int32)
        throws(MessagingError)
    {
        while true {
            let (jobs, stops) = state.withLock { state in
                let jobs = state.mailbox
                state.mailbox.removeAll(keepingCapacity: true)
                return (jobs, state.stops)
            }
            for (index, job) in jobs.enumerated() {
                do throws(MessagingError) {
                    try job.run(connection, &role)
                } catch {
                    jobs[(index + 1)...].forEach { $0.refuse(error) }
                    throw error
                }
            }
            try role.advance(connection)
            if stops { return }
            // A flood of events must not keep jobs waiting.
            for _ in 0..<512 {
                guard let event = try connection.nextEvent() else { break }
                try role.handle(event)
            }
            try role.advance(connection)
            let now = ContinuousClock.now
            if let deadline = role.deadline, deadline <= now { try role.checkDeadline(now: now) }
            bell.wait(
                for: connection.socket,
                milliseconds: Self.milliseconds(until: role.deadline, now, atMost: quarterOfHeartbeat))
        }
    }

    private static func milliseconds(
        until deadline: ContinuousClock.Instant?, _ now: ContinuousClock.Instant, atMost limit: Int32
    ) -> Int32 {
        guard let deadline else { return limit }
        let (seconds, attoseconds) = now.duration(to: deadline).components
        return Int32(min(Int64(limit), max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)))
    }

    private func finish(_ error: MessagingError) {
        let (mails, waiting) = state.withLock { state in
            state.ended = error
            defer { (state.mailbox, state.waitingForEnd) = ([], []) }
            return (state.mailbox, state.waitingForEnd)
        }
        mails.forEach { $0.refuse(error) }
        waiting.forEach { $0.resume() }
    }
}
