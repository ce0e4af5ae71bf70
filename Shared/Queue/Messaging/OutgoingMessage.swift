/// A message to publish. It is always persistent and mandatory.
package struct OutgoingMessage: Sendable, Hashable {
    /// Empty for the default exchange, which takes a queue's name as routing key.
    package var exchange: String
    package var routingKey: String
    package var properties: MessageProperties
    package var body: [UInt8]

    package init(
        exchange: String, routingKey: String, properties: MessageProperties = MessageProperties(), body: [UInt8]
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.properties = properties
        self.body = body
    }
}
