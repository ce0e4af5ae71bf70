import JobEngine
import Logging
import Messaging
import Synchronization

/// Hears the wake-ups of one stage and passes them on; lets go of them while the worker is full, so that another
/// replica hears them.
///
/// Deliveries are acknowledged by whoever claims, after the claim's commit. A connection that breaks, or is closed by
/// `suspend`, gives its unacknowledged wake-ups back to the broker: they are only hints, and the sweeper rings again
/// for jobs that nobody heard of.
final class WakeUpListener: Sendable {
    private struct State {
        var consumer: Consumer?
        var isSuspended = false
    }

    private let url: BrokerURL
    private let queues: [String]
    private let prefetch: Int
    private let log: Logger
    private let state = Mutex(State())
    private let resumed = Bell()

    init(url: BrokerURL, stage: Stage, prefetch: Int, log: Logger) {
        self.url = url
        queues = Topology.standard.workQueues(stage)
        self.prefetch = prefetch
        self.log = log
    }

    func run(heard: @Sendable (Delivery) -> Void) async {
        var backoff = ReconnectBackoff()
        while !Task.isCancelled {
            if isSuspended {
                await resumed.wait(atMost: .seconds(1))
                continue
            }
            do {
                let consumer = try await Consumer.connect(
                    url, queues: queues, prefetch: prefetch, name: "columna wake-ups")
                backoff.reset()
                state.withLock { $0.consumer = consumer }
                defer { state.withLock { $0.consumer = nil } }
                for try await delivery in consumer.deliveries { heard(delivery) }
                await consumer.close()
            } catch {
                if Task.isCancelled { return }
                log.warning("cannot listen for wake-ups, reconnecting", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: backoff.next())
            }
        }
    }

    private var isSuspended: Bool { state.withLock { $0.isSuspended } }

    /// After the claim's commit. Deliveries of a connection that is gone are the broker's again; nothing to do for
    /// them.
    func acknowledge(_ deliveries: [Delivery]) {
        guard !deliveries.isEmpty, let consumer = state.withLock({ $0.consumer }) else { return }
        for delivery in deliveries { consumer.ack(delivery) }
    }

    /// Gives unacknowledged wake-ups back and stays silent until `resume`.
    func suspend() async {
        let consumer = state.withLock { state -> Consumer? in
            state.isSuspended = true
            defer { state.consumer = nil }
            return state.consumer
        }
        await consumer?.close()
    }

    func resume() {
        let wasSuspended = state.withLock { state -> Bool in
            defer { state.isSuspended = false }
            return state.isSuspended
        }
        if wasSuspended { resumed.ring() }
    }
}
