package import JobEngine

extension OutgoingMessage {
    /// What the relay publishes for a row of the outbox.
    package init(_ message: OutboxMessage) {
        self.init(
            exchange: message.exchange, routingKey: message.routingKey,
            properties: MessageProperties(
                contentType: "application/cloudevents+json", messageID: message.messageID, correlationID: message.correlationID),
            body: Array(message.body.utf8))
    }
}
