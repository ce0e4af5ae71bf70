package import JobEngine

extension OutgoingMessage {
    /// What the relay publishes for a row of the outbox. An event also has its routing key with the tenant behind it,
    /// so that a tenant's account can be allowed its own: RabbitMQ's header CC names further keys of the same message,
    /// and a queue that several keys reach gets it once.
    package init(_ message: OutboxMessage) {
        var headers: [String: HeaderValue] = [:]
        if message.lane == .events, let tenant = message.tenant {
            headers["CC"] = .array([.string("\(message.routingKey).\(tenant)")])
        }
        self.init(
            exchange: message.exchange, routingKey: message.routingKey,
            properties: MessageProperties(
                contentType: "application/cloudevents+json", messageID: message.messageID,
                correlationID: message.correlationID, headers: headers),
            body: Array(message.body.utf8))
    }
}
