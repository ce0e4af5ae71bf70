/// A message that a transaction decided to send; a relay publishes it after the commit and deletes the row when the
/// broker confirmed.
package struct OutboxMessage: Sendable, Equatable {
    /// Order of insertion; the row's key.
    package var id: Int64
    package var exchange: String
    package var routingKey: String
    /// Stable over repeats, so that a message published twice is recognised.
    package var messageID: String
    package var correlationID: String?
    /// Whose it is, where it is somebody's.
    package var tenant: Tenant?
    /// CloudEvents 1.0 JSON, structured mode.
    package var body: String

    package var lane: OutboxLane {
        switch exchange {
        case MessageNames.defaultExchange: .replies
        case MessageNames.workExchange: .wakeUps
        default: .events
        }
    }

    package init(
        id: Int64 = 0, exchange: String, routingKey: String, messageID: String, correlationID: String? = nil,
        tenant: Tenant? = nil, body: String
    ) {
        self.id = id
        self.exchange = exchange
        self.routingKey = routingKey
        self.messageID = messageID
        self.correlationID = correlationID
        self.tenant = tenant
        self.body = body
    }
}
