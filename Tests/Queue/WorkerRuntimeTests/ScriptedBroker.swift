import Messaging
import Synchronization
import WorkerRuntime

/// A broker that a test plays; what is asked of it stands in its log.
final class ScriptedBroker: MessageSource {
    let log: EventLog
    private let consumers = Mutex<[ScriptedConsumer]>([])
    private let connecting: @Sendable (String) async throws -> Void

    /// - Parameter connecting: what happens before a connection of this name is there.
    init(log: EventLog, connecting: @escaping @Sendable (String) async throws -> Void = { _ in }) {
        self.log = log
        self.connecting = connecting
    }

    func consume(_ source: Consumer.Source, prefetch: Int, name: String) async throws -> any MessageConsumer {
        try await connecting(name)
        let consumer = ScriptedConsumer(name, log)
        consumers.withLock { $0.append(consumer) }
        log.note("connected \(name)")
        return consumer
    }

    /// Over the newest connection of this name.
    func deliver(_ tag: UInt64, to name: String) {
        newest(name)?.continuation.yield(
            Delivery(
                exchange: "", routingKey: "", queue: "", deliveryTag: tag, properties: MessageProperties(), body: []))
    }

    func cut(_ name: String) {
        newest(name)?.continuation.finish(throwing: MessagingError(.connectionLost, "the test cut it"))
    }

    private func newest(_ name: String) -> ScriptedConsumer? { consumers.withLock { $0.last { $0.name == name } } }
}

private final class ScriptedConsumer: MessageConsumer {
    let name: String
    let deliveries: AsyncThrowingStream<Delivery, any Error>
    let continuation: AsyncThrowingStream<Delivery, any Error>.Continuation
    private let log: EventLog

    init(_ name: String, _ log: EventLog) {
        (self.name, self.log) = (name, log)
        (deliveries, continuation) = AsyncThrowingStream.makeStream()
    }

    func ack(_ delivery: Delivery) { log.note("acknowledged \(delivery.deliveryTag) of \(name)") }
    func reject(_ delivery: Delivery, requeue: Bool) { log.note("rejected \(delivery.deliveryTag) of \(name)") }

    func close() async {
        continuation.finish()
        log.note("closed \(name)")
    }
}
