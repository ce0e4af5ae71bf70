/// What the broker says unasked. Decoded by the boundary, judged by the roles.
enum AMQPEvent: Sendable, Hashable {
    case acknowledged(tag: UInt64, multiple: Bool)
    case refused(tag: UInt64, multiple: Bool)
    case returned(exchange: String, routingKey: String, messageID: String?, reason: String)
    case delivered(Delivery)
    case consumerCancelled(consumerTag: String)
    /// The broker stops reading from publishers (memory or disk alarm).
    case blocked(reason: String)
    case unblocked
}
