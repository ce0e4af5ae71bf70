import JobEngine
import Messaging
import Persistence
import Registry
import Studies
import Synchronization
import TestSupport
import Testing
import WorkerRuntime

/// The relay over the in-memory store, with a broker that the test plays.
@Suite(.timeLimit(.minutes(2))) struct OutboxRelayTests {
    private let log = EventLog()
    private let store: any JobStore = InMemoryJobStore()

    /// Publishes as `publish` says, which answers with the ids that the broker is done with.
    ///
    /// - Parameter ended: called when the relay was told to end.
    private func with(
        _ store: (any JobStore)? = nil, connecting: @escaping @Sendable () throws -> Void = {},
        publish: @escaping @Sendable ([OutboxMessage]) async throws -> [Int64] = { $0.map(\.id) },
        ended: () -> Void = {}, _ body: (OutboxRelay) async throws -> Void
    ) async throws {
        let relay = OutboxRelay(store: store ?? self.store, log: log.logger) { [log] in
            try connecting()
            log.note("connected")
            return ScriptedPublisher(log: log, answer: publish)
        }
        try await withThrowingTaskGroup { group in
            group.addTask { await relay.run() }
            try await body(relay)
            group.cancelAll()
            ended()
        }
    }

    private func enqueue(_ count: Int = 1) async throws {
        _ = try await store.enqueue((0..<count).map { _ in JobRequest(kind: Rehearsal.kind, tenant: "ward") })
    }

    private func reply(_ queue: String) -> JobEvent {
        JobEvent(
            exchange: MessageNames.defaultExchange, routingKey: queue, tenant: "ward", type: "dev.columna.test.v1",
            subject: "s", data: "{}")
    }

    @Test func whatATransactionLeftIsPublishedEachLaneOverAConnectionOfItsOwn() async throws {
        try await with { relay in
            await log.wait(for: "connected", count: OutboxLane.allCases.count)
            try await enqueue()
            try await store.send(reply("results"))
            relay.ring()
            for lane in OutboxLane.allCases { await log.wait(for: "published 1 of \(lane.rawValue)") }
        }
    }

    @Test func moreThanABatchGoesOutBatchByBatch() async throws {
        try await enqueue(501)
        try await with { _ in
            await log.wait(for: "published 500 of wake-ups")
            await log.wait(for: "published 1 of wake-ups")
        }
    }

    @Test func aLaneThatHangsHoldsUpNoOther() async throws {
        let mayGoOn = Bell()
        try await with(publish: { messages in
            if messages[0].lane == .replies { await mayGoOn.wait(atMost: .seconds(60)) }
            return messages.map(\.id)
        }) { relay in
            try await store.send(reply("full"))
            relay.ring()
            await log.wait(for: "publishing 1 of replies")
            try await enqueue()
            relay.ring()
            await log.wait(for: "published 1 of wake-ups")
            #expect(!log.lines.contains("published 1 of replies"))
            mayGoOn.ring()
            await log.wait(for: "published 1 of replies")
        }
    }

    @Test func afterAnErrorTheSameMessageGoesOutOverANewConnection() async throws {
        let tries = Tally()
        let ids = Mutex<[String]>([])
        try await enqueue()
        try await with(publish: { messages in
            guard messages[0].lane == .wakeUps else { return messages.map(\.id) }
            ids.withLock { $0 += messages.map(\.messageID) }
            if tries.next() == 1 { throw MessagingError(.connectionLost, "cut") }
            return messages.map(\.id)
        }) { _ in
            // Each lane's, and the one that broke.
            await log.wait(for: "connected", count: OutboxLane.allCases.count + 1)
            await log.wait(for: "published 1 of wake-ups")
        }
        #expect(ids.withLock { $0.count == 2 && $0[0] == $0[1] })
        #expect(log.lines.contains { $0.hasPrefix("warning outbox relay interrupted, reconnecting") })
        #expect(log.lines.count { $0 == "closed" } == OutboxLane.allCases.count + 1)
    }

    @Test func aBrokerThatIsAwayAtTheStartIsTriedUntilItIsThere() async throws {
        let tries = Tally()
        try await enqueue()
        try await with(connecting: {
            if tries.next() <= 6 { throw MessagingError(.connectionLost, "away") }
        }) { _ in
            await log.wait(for: "published 1 of wake-ups")
        }
    }

    @Test func aReplyThatItsQueueRefusesStaysAndIsCounted() async throws {
        try await store.send(reply("full"))
        try await with(publish: { messages in
            messages.filter { $0.lane != .replies }.map(\.id)
        }) { _ in
            await log.wait(for: "published 1 of replies")
        }
        #expect(try await store.refusedReplies(tenant: "ward", limit: 10).map(\.queue) == ["full"])
    }

    @Test func whatIsLeftWhenItEndsIsPublished() async throws { try await endWhilePublishing(store) }

    /// A task that was cancelled gets no connection of a pool: what went out would not be noted, and go out again.
    @Test(.enabled(if: TemporaryDatabase.isAvailable))
    func whatIsUnderWayWhenItEndsIsNotedAndTheRestPublished() async throws {
        try await TemporaryDatabase.with { database async throws in
            try await endWhilePublishing(PostgresJobStore(pool: database.pool, bookkeeping: .studies))
            let left = try await database.pool.run(Statement("replies", "SELECT count(*) AS n FROM columna.replies")())
            #expect(try left[0].integer("n") == 0)
        }
    }

    /// Ends the relay after the broker has the first of two replies, and before it has answered.
    private func endWhilePublishing(_ store: any JobStore) async throws {
        let tries = Tally()
        let hasEnded = Bell()
        try await with(
            store,
            publish: { messages in
                if messages[0].lane == .replies, tries.next() == 1 { await hasEnded.wait(atMost: .seconds(60)) }
                return messages.map(\.id)
            }, ended: { hasEnded.ring() }
        ) { relay in
            await log.wait(for: "connected", count: OutboxLane.allCases.count)
            try await store.send(reply("first"))
            relay.ring()
            await log.wait(for: "publishing 1 of replies")
            try await store.send(reply("last"))
        }
        #expect(log.lines.count { $0 == "published 1 of replies" } == 2)
        #expect(log.lines.count { $0 == "closed" } == OutboxLane.allCases.count)
    }
}

private struct ScriptedPublisher: MessagePublisher {
    let log: EventLog
    let answer: @Sendable ([OutboxMessage]) async throws -> [Int64]

    func publish(_ messages: [OutboxMessage]) async throws -> [Int64] {
        let what = "\(messages.count) of \(messages.first?.lane.rawValue ?? "nothing")"
        log.note("publishing \(what)")
        let done = try await answer(messages)
        log.note("published \(what)")
        return done
    }

    func close() async { log.note("closed") }
}
