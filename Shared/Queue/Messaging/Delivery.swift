/// A message as it arrived. It stays the broker's until it is acknowledged or rejected.
package struct Delivery: Sendable, Hashable {
    package let exchange: String
    package let routingKey: String
    /// The queue it came from.
    package let queue: String
    /// Whether it may have been delivered before.
    package let redelivered: Bool
    /// Names the delivery to the connection that got it, and to no other.
    package let deliveryTag: UInt64
    /// The connection that got it, so that another one does not acknowledge something else by the same tag.
    let connectionID: UInt64
    package let properties: MessageProperties
    /// At most ``maximumBodyByteCount`` bytes; what is longer is cut.
    package let body: [UInt8]
    /// The length the sender announced.
    package let announcedByteCount: UInt64

    /// No consumer holds more than this of one message: 16 MiB. Columna's own limit for intake is far smaller.
    package static let maximumBodyByteCount = 16 << 20

    /// How often a quorum queue gave the message out before without getting an acknowledgement.
    package var deliveryCount: Int { Int(properties.headers["x-delivery-count"]?.integer ?? 0) }

    package init(
        exchange: String, routingKey: String, queue: String, redelivered: Bool = false, deliveryTag: UInt64,
        properties: MessageProperties,
        body: [UInt8], announcedByteCount: UInt64? = nil, connectionID: UInt64 = 0
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.queue = queue
        self.redelivered = redelivered
        self.deliveryTag = deliveryTag
        self.connectionID = connectionID
        self.properties = properties
        self.body = body
        self.announcedByteCount = announcedByteCount ?? UInt64(body.count)
    }
}
