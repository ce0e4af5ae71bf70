package import JobEngine
package import Logging
package import Messaging
import Synchronization

/// Hears the wake-ups of one stage and passes them on; lets go of them while the worker is full, so that another
/// replica hears them.
///
/// Deliveries are acknowledged by whoever claims, after the claim's commit. A connection that breaks, or is closed by
/// `suspend`, gives its unacknowledged wake-ups back to the broker: they are only hints, and the sweeper rings again
/// for jobs that nobody heard of.
package final class WakeUpListener: Sendable {
    private struct State {
        var consumer: (any MessageConsumer)?
        var isSuspended = false
    }

    private let broker: any MessageSource
    private let queues: [String]
    private let prefetch: Int
    private let log: Logger
    private let state = Mutex(State())
    private let resumed = Bell()

    package init(_ broker: any MessageSource, stage: Stage, prefetch: Int, log: Logger) {
        self.broker = broker
        queues = Topology.standard.workQueues(stage)
        self.prefetch = prefetch
        self.log = log
    }

    /// Runs until the task is cancelled.
    package func run(heard: @Sendable (Delivery) -> Void) async {
        await Subscription(complaint: "cannot listen for wake-ups", log: log) { try await self.connect() }
            .run { _, delivery in heard(delivery) }
    }

    private func connect() async throws -> any MessageConsumer {
        while isSuspended {
            await resumed.wait(atMost: .seconds(1))
            try Task.checkCancellation()
        }
        let consumer = try await broker.consume(.queues(queues), prefetch: prefetch, name: "columna wake-ups")
        let isWanted = state.withLock { state in
            if !state.isSuspended { state.consumer = consumer }
            return !state.isSuspended
        }
        // Suspended while it was connecting: what it has brought already goes back.
        if !isWanted { await consumer.close() }
        return consumer
    }

    private var isSuspended: Bool { state.withLock { $0.isSuspended } }

    /// After the claim's commit. Deliveries of a connection that is gone are the broker's again; nothing to do for
    /// them.
    package func acknowledge(_ deliveries: [Delivery]) {
        guard !deliveries.isEmpty, let consumer = state.withLock({ $0.consumer }) else { return }
        for delivery in deliveries { consumer.ack(delivery) }
    }

    /// Gives unacknowledged wake-ups back and stays silent until `resume`.
    package func suspend() async {
        let consumer = state.withLock { state -> (any MessageConsumer)? in
            state.isSuspended = true
            defer { state.consumer = nil }
            return state.consumer
        }
        await consumer?.close()
    }

    package func resume() {
        let wasSuspended = state.withLock { state -> Bool in
            defer { state.isSuspended = false }
            return state.isSuspended
        }
        if wasSuspended { resumed.ring() }
    }
}
