/// A connection for publishing, persistent, mandatory and confirmed. Any number of tasks may publish at once.
///
/// When the connection is lost, every ``publish(_:)`` throws; connect again (``ReconnectBackoff``). A message whose
/// publish threw may or may not have arrived: publish it again with the same `messageID`.
package final class Publisher: Sendable {
    private let thread: ConnectionThread<PublishingRole>
    private let confirmTimeout: Duration

    private init(_ thread: ConnectionThread<PublishingRole>, _ confirmTimeout: Duration) {
        self.thread = thread
        self.confirmTimeout = confirmTimeout
    }

    deinit { thread.stop() }

    /// - Parameter confirmTimeout: After this long without an answer the connection counts as lost.
    /// - Throws: ``MessagingError``.
    package static func connect(_ url: BrokerURL, name: String = "publisher", confirmTimeout: Duration = .seconds(30))
        async throws -> Publisher
    {
        let thread = try await ConnectionThread<PublishingRole>.start(url, name: name) {
            connection throws(MessagingError) in
            try PublishingRole(connection)
        }
        return Publisher(thread, confirmTimeout)
    }

    /// Publishes in order and returns when the broker has answered for every message: one result for each, in the same
    /// order. Many messages in one call are much faster than many calls. When the time for confirms is over and some
    /// were answered, the others count as `unanswered`; either way the connection has ended then.
    /// - Throws: ``MessagingError`` when the connection is lost, or `refused` when a name is longer than AMQP's 255
    ///   bytes.
    package func publish(_ messages: [OutgoingMessage]) async throws -> [PublishResult] {
        guard !messages.isEmpty else { return [] }
        for message in messages { try message.checkNames() }
        let deadline = ContinuousClock.now + confirmTimeout
        return try await withCheckedThrowingContinuation { continuation in
            thread.post { (_, role) throws(MessagingError) in
                role.add(messages, deadline: deadline) { continuation.resume(with: $0) }
            } refuse: {
                continuation.resume(throwing: $0)
            }
        }
    }

    /// Closes after what was published before this call has been written. Returns when the connection is gone.
    package func close() async { await thread.close() }
}

extension OutgoingMessage {
    /// AMQP's short strings have at most 255 bytes (AMQP 0-9-1, section 4.2.5.3).
    package func checkNames() throws(MessagingError) {
        let texts = [
            ("exchange", exchange), ("routing key", routingKey), ("message id", properties.messageID ?? ""),
            ("correlation id", properties.correlationID ?? ""), ("reply-to", properties.replyTo ?? ""),
            ("type", properties.type ?? ""),
            ("content type", properties.contentType ?? ""), ("content encoding", properties.contentEncoding ?? ""),
        ]
        for (name, text) in texts where text.utf8.count > 255 {
            throw MessagingError(.refused, "the \(name) of a message has \(text.utf8.count) bytes, AMQP allows 255")
        }
    }
}
