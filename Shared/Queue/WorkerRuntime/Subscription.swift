package import Logging
package import Messaging

/// Hears one kind of message over connection after connection.
package struct Subscription: Sendable {
    private let connect: @Sendable () async throws -> any MessageConsumer
    /// What is lost while there is no connection.
    private let complaint: String
    private let log: Logger

    /// - Parameter complaint: logged when a connection cannot be made or is lost: "cannot listen for wake-ups".
    package init(
        complaint: String, log: Logger, connect: @escaping @Sendable () async throws -> any MessageConsumer
    ) {
        self.connect = connect
        self.complaint = complaint
        self.log = log
    }

    /// Runs until the task is cancelled.
    ///
    /// A connection that brought something, or lasted, is a good one: the next is tried at once. One that breaks again
    /// and again, as of a message that nobody can take, is tried ever more rarely.
    package func run(_ heard: (any MessageConsumer, Delivery) async -> Void) async {
        let aWhile = Duration.seconds(20)
        var backoff = ReconnectBackoff(limit: aWhile)
        while !Task.isCancelled {
            let start = ContinuousClock.now
            do {
                let consumer = try await connect()
                for try await delivery in consumer.deliveries {
                    await heard(consumer, delivery)
                    backoff.reset()
                }
                await consumer.close()
            } catch {
                if Task.isCancelled { return }
                log.warning("\(complaint), reconnecting", metadata: ["error": "\(error)"])
                if .now - start > aWhile { backoff.reset() }
                try? await Task.sleep(for: backoff.next())
            }
        }
    }
}

/// What hearing messages needs of a connection to the broker.
package protocol MessageConsumer: Sendable {
    var deliveries: AsyncThrowingStream<Delivery, any Error> { get }
    func ack(_ delivery: Delivery)
    func reject(_ delivery: Delivery, requeue: Bool)
    func close() async
}

extension Consumer: MessageConsumer {}

/// Where a worker hears of work and of operators' wishes.
package protocol MessageSource: Sendable {
    func consume(_ source: Consumer.Source, prefetch: Int, name: String) async throws -> any MessageConsumer
}

extension BrokerURL: MessageSource {
    package func consume(_ source: Consumer.Source, prefetch: Int, name: String) async throws -> any MessageConsumer {
        try await Consumer.connect(self, source, prefetch: prefetch, name: name)
    }
}
