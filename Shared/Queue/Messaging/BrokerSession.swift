/// A connection for declaring, inspecting and mending: what `columna migrate`, `local up` and `dead` do. It needs the
/// configure right; workers do not have one. All methods throw ``MessagingError``; after any but `connection-lost` the
/// session goes on.
package final class BrokerSession: Sendable {
    private let thread: ConnectionThread<SessionRole>

    private init(_ thread: ConnectionThread<SessionRole>) { self.thread = thread }

    deinit { thread.stop() }

    package static func connect(_ url: BrokerURL, name: String = "session") async throws -> BrokerSession {
        BrokerSession(
            try await ConnectionThread<SessionRole>.start(url, name: name) { _ throws(MessagingError) in SessionRole() }
        )
    }

    package func close() async { await thread.close() }

    package func declare(_ exchange: ExchangeDeclaration) async throws {
        try await perform { (connection) throws(MessagingError) in try connection.declare(exchange) }
    }

    package func declare(_ queue: QueueDeclaration) async throws {
        try await perform { (connection) throws(MessagingError) in try connection.declare(queue) }
    }

    package func bind(_ queue: String, to exchange: String, routingKey: String) async throws {
        try await perform { (connection) throws(MessagingError) in
            try connection.bind(queue, to: exchange, routingKey: routingKey)
        }
    }

    package func deleteQueue(_ queue: String) async throws {
        try await perform { (connection) throws(MessagingError) in try connection.deleteQueue(queue) }
    }

    package func deleteExchange(_ exchange: String) async throws {
        try await perform { (connection) throws(MessagingError) in try connection.deleteExchange(exchange) }
    }

    /// The number of messages ready in a queue, without those delivered and not acknowledged.
    /// - Throws: `not-found` when there is no such queue.
    package func messageCount(of queue: String) async throws -> Int {
        try await perform { (connection) throws(MessagingError) in try connection.messageCount(of: queue) }
    }

    /// Removes every ready message; answers how many.
    @discardableResult
    package func purge(_ queue: String) async throws -> Int {
        try await perform { (connection) throws(MessagingError) in try connection.purge(queue) }
    }

    /// The first messages of a queue, oldest first, left where they are. A queue with a delivery limit counts each look
    /// as a delivery: look into dead-letter queues only, whose limit is out of reach.
    package func browse(_ queue: String, limit: Int) async throws -> [Delivery] {
        try await perform { (connection) throws(MessagingError) in
            var found: [Delivery] = []
            while found.count < limit, let delivery = try connection.get(queue) { found.append(delivery) }
            for delivery in found { try connection.reject(delivery.deliveryTag, requeue: true) }
            return found
        }
    }

    /// The first message of a queue, nil when it is empty. It is out of the queue until it is acknowledged or the
    /// session ends. Publish it again before acknowledging, or a crash in between loses it. The warning of
    /// ``browse(_:limit:)`` holds.
    package func take(from queue: String) async throws -> Delivery? {
        try await perform { (connection) throws(MessagingError) in try connection.get(queue) }
    }

    /// Removes what ``take(from:)`` took.
    package func acknowledge(_ delivery: Delivery) async throws {
        let (id, tag) = (delivery.connectionID, delivery.deliveryTag)
        try await perform { (connection) throws(MessagingError) in
            if connection.id == id { try connection.acknowledge(tag) }
        }
    }

    private func perform<Result: Sendable>(_ job: @escaping @Sendable (AMQPConnection) throws(MessagingError) -> Result)
        async throws -> Result
    {
        try await thread.perform { (connection, _) throws(MessagingError) in
            // An exception of the command before has closed the channel.
            try connection.reopenChannel()
            return try job(connection)
        }
    }
}
