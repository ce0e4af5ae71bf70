package import JobEngine
package import Logging
package import Messaging
import ServiceLifecycle

/// Publishes what transactions left in the outbox and deletes it when the broker has confirmed.
///
/// Signalled after every transaction of this process; looks of its own accord once a second for what a crashed process
/// left behind. Each lane has a connection and a pace of its own: a queue that takes nothing, or does not answer, holds
/// up its own kind of message only.
package final class OutboxRelay: Service {
    private let store: any JobStore
    private let connect: @Sendable () async throws -> any MessagePublisher
    private let log: Logger
    private let bells = Dictionary(uniqueKeysWithValues: OutboxLane.allCases.map { ($0, Bell()) })
    private let batch = 500

    package init(store: any JobStore, log: Logger, connect: @escaping @Sendable () async throws -> any MessagePublisher)
    {
        self.store = store
        self.log = log
        self.connect = connect
    }

    package convenience init(store: any JobStore, log: Logger, broker: BrokerURL) {
        self.init(store: store, log: log) { try await BrokerPublisher.connect(broker, log: log) }
    }

    /// There may be something to publish.
    package func ring() { bells.values.forEach { $0.ring() } }

    /// Runs until it is told to stop or cancelled; then publishes what is left, once.
    package func run() async {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { lanes in
                for (lane, bell) in self.bells { lanes.addTask { await self.run(lane, bell) } }
            }
        }
    }

    private func run(_ lane: OutboxLane, _ bell: Bell) async {
        var backoff = ReconnectBackoff()
        while !Task.isCancelled {
            do {
                let publisher = try await connect()
                do {
                    while !Task.isCancelled {
                        while try await publishBatch(of: lane, with: publisher), !Task.isCancelled {}
                        backoff.reset()
                        await bell.wait(atMost: .seconds(1))
                    }
                    // The last jobs' events and replies.
                    while try await publishBatch(of: lane, with: publisher) {}
                    await publisher.close()
                } catch {
                    await publisher.close()
                    throw error
                }
            } catch {
                if Task.isCancelled { return }
                log.warning(
                    "outbox relay interrupted, reconnecting",
                    metadata: ["lane": "\(lane.rawValue)", "error": "\(error)"])
                try? await Task.sleep(for: backoff.next())
            }
        }
    }

    /// True: there may be more.
    ///
    /// In a task that is not cancelled, awaited at once: the relay's end must not come between the broker's answer and
    /// its being noted, or the same messages go out again.
    private func publishBatch(of lane: OutboxLane, with publisher: any MessagePublisher) async throws -> Bool {
        try await Task { [store, batch] in
            try await store.drainOutbox(lane, limit: batch) { try await publisher.publish($0) } == batch
        }.value
    }
}

/// What the relay needs of a broker connection.
package protocol MessagePublisher: Sendable {
    /// Publishes messages of one lane, persistent and mandatory; returns the ids of those that the broker is done with
    /// (`JobStore.drainOutbox`).
    func publish(_ messages: [OutboxMessage]) async throws -> [Int64]
    func close() async
}
