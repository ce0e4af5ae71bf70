import Logging
import Messaging

/// Hears operators' cancel, pause and resume. The truth stands in the database; a message only makes the worker look at
/// once.
struct ControlListener: Sendable {
    let url: BrokerURL
    let log: Logger

    func run(heard: @Sendable () -> Void) async {
        var backoff = ReconnectBackoff()
        while !Task.isCancelled {
            do {
                let consumer = try await Consumer.connect(
                    url, .exclusiveQueue(boundTo: Topology.standard.controlExchange), prefetch: 16,
                    name: "columna control")
                backoff.reset()
                for try await delivery in consumer.deliveries {
                    consumer.ack(delivery)
                    heard()
                }
                await consumer.close()
            } catch {
                if Task.isCancelled { return }
                log.warning("cannot listen for control messages, reconnecting", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: backoff.next())
            }
        }
    }
}
