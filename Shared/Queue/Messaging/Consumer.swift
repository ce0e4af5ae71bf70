/// A connection that consumes queues, with acknowledgements by hand.
///
/// What is neither acknowledged nor rejected when the connection ends comes again to somebody, with `redelivered` set;
/// a quorum queue gives up after its delivery limit and dead-letters the message.
package final class Consumer: Sendable {
    package enum Source: Sendable, Hashable {
        /// Existing queues.
        case queues([String])
        /// A queue of this connection alone, bound to an exchange, gone with the connection.
        case exclusiveQueue(boundTo: String, routingKeys: [String] = [""])
    }

    /// The deliveries of all queues, in the order of arrival; one task may iterate. Ends when ``close()`` was called;
    /// throws ``MessagingError`` when the connection was lost or the broker cancelled: connect again
    /// (``ReconnectBackoff``).
    package let deliveries: AsyncThrowingStream<Delivery, any Error>
    private let thread: ConnectionThread<ConsumingRole>

    private init(_ thread: ConnectionThread<ConsumingRole>, _ deliveries: AsyncThrowingStream<Delivery, any Error>) {
        self.thread = thread
        self.deliveries = deliveries
    }

    deinit { thread.stop() }

    /// - Parameter prefetch: How many unacknowledged messages of each queue may be here, at least 1.
    /// - Throws: ``MessagingError``; `not-found` when a queue does not exist.
    package static func connect(_ url: BrokerURL, _ source: Source, prefetch: Int, name: String = "consumer")
        async throws -> Consumer
    {
        precondition(prefetch >= 1, "the prefetch must be at least 1, got \(prefetch)")
        let (stream, continuation) = AsyncThrowingStream<Delivery, any Error>.makeStream()
        let thread = try await ConnectionThread<ConsumingRole>.start(url, name: name) {
            connection throws(MessagingError) in
            try ConsumingRole(connection, source, prefetch: prefetch, continuation)
        }
        return Consumer(thread, stream)
    }

    package static func connect(_ url: BrokerURL, queues: [String], prefetch: Int, name: String = "consumer")
        async throws -> Consumer
    {
        try await connect(url, .queues(queues), prefetch: prefetch, name: name)
    }

    /// Tells the broker that the message is done with. Returns at once; if the connection is lost before the broker
    /// hears it, the message comes again. A delivery of another, earlier connection is the broker's again and is left
    /// alone.
    package func ack(_ delivery: Delivery) {
        let (id, tag) = (delivery.connectionID, delivery.deliveryTag)
        thread.post { (connection, _) throws(MessagingError) in
            if connection.id == id { try connection.acknowledge(tag) }
        }
    }

    /// Gives the message back: to the queue, or to the queue's dead-letter exchange.
    package func reject(_ delivery: Delivery, requeue: Bool) {
        let (id, tag) = (delivery.connectionID, delivery.deliveryTag)
        thread.post { (connection, _) throws(MessagingError) in
            if connection.id == id { try connection.reject(tag, requeue: requeue) }
        }
    }

    /// Sends the acknowledgements so far, cancels the consumers, closes. The stream ends.
    package func close() async { await thread.close() }
}
