/// A message whose header and body frames are still arriving.
struct PartialMessage {
    enum Kind {
        case delivery(
            connection: UInt64, tag: UInt64, redelivered: Bool, exchange: String, routingKey: String, queue: String)
        case returned(exchange: String, routingKey: String, reason: String)
    }

    let kind: Kind
    private var properties = MessageProperties()
    private var announced: UInt64 = 0
    private var received: UInt64 = 0
    private var body: [UInt8] = []

    init(_ kind: Kind) { self.kind = kind }

    mutating func begin(_ properties: MessageProperties, byteCount: UInt64) {
        self.properties = properties
        announced = byteCount
        body.reserveCapacity(Int(min(byteCount, UInt64(Delivery.maximumBodyByteCount))))
    }

    /// Counts every byte and keeps the first ``Delivery/maximumBodyByteCount``.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        received += UInt64(bytes.count)
        body.append(contentsOf: bytes.prefix(Delivery.maximumBodyByteCount - body.count))
    }

    var isComplete: Bool { received >= announced }

    var event: AMQPEvent {
        switch kind {
        case .returned(let exchange, let routingKey, let reason):
            return .returned(
                exchange: exchange, routingKey: routingKey, messageID: properties.messageID, reason: reason)
        case .delivery(let connection, let tag, let redelivered, let exchange, let routingKey, let queue):
            let delivery = Delivery(
                exchange: exchange, routingKey: routingKey, queue: queue, redelivered: redelivered, deliveryTag: tag,
                properties: properties,
                body: body, announcedByteCount: announced, connectionID: connection)
            return .delivered(delivery)
        }
    }
}
