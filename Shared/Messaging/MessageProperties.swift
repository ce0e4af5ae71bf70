/// The properties of a message that Columna reads or writes (AMQP 0-9-1, class basic).
package struct MessageProperties: Sendable, Hashable {
    package var contentType: String?
    package var messageID: String?
    package var correlationID: String?
    /// A queue that gets the result, by way of the default exchange.
    package var replyTo: String?
    package var type: String?
    /// 0 to 255; quorum queues of RabbitMQ 3.10 ignore it.
    package var priority: UInt8?
    package var headers: [String: HeaderValue]

    package init(
        contentType: String? = nil, messageID: String? = nil, correlationID: String? = nil, replyTo: String? = nil, type: String? = nil,
        priority: UInt8? = nil, headers: [String: HeaderValue] = [:]
    ) {
        self.contentType = contentType
        self.messageID = messageID
        self.correlationID = correlationID
        self.replyTo = replyTo
        self.type = type
        self.priority = priority
        self.headers = headers
    }
}
