/// The properties of a message that Columna reads or writes (AMQP 0-9-1, class basic).
package struct MessageProperties: Sendable, Hashable {
    package var contentType: String?
    /// How the body is compressed, if the sender says so; some write `utf-8` here.
    package var contentEncoding: String?
    package var messageID: String?
    package var correlationID: String?
    /// A queue that gets the result, by way of the default exchange.
    package var replyTo: String?
    package var type: String?
    /// 0 to 255; quorum queues of RabbitMQ 3.10 ignore it.
    package var priority: UInt8?
    package var headers: [String: HeaderValue]
    /// AMQP's names of properties that came with bytes that are no UTF-8 (short strings must be: AMQP 0-9-1, section
    /// 4.2.5.3). They read as missing: mended they could be longer than AMQP allows, and would not be what was sent.
    package var unreadable: Set<String> = []

    package init(
        contentType: String? = nil, contentEncoding: String? = nil, messageID: String? = nil,
        correlationID: String? = nil, replyTo: String? = nil, type: String? = nil,
        priority: UInt8? = nil, headers: [String: HeaderValue] = [:]
    ) {
        self.contentType = contentType
        self.contentEncoding = contentEncoding
        self.messageID = messageID
        self.correlationID = correlationID
        self.replyTo = replyTo
        self.type = type
        self.priority = priority
        self.headers = headers
    }
}
