import Cryptography
package import Messaging

/// A refused message without its body, as it is kept beside it: what it takes to publish it again.
package struct RejectedMessage: Sendable, Codable, Equatable {
    package var exchange: String
    package var routingKey: String
    package var contentType: String?
    package var contentEncoding: String?
    package var messageID: String?
    package var correlationID: String?
    package var replyTo: String?
    package var type: String?
    /// The length the sender announced; the kept body of a longer message is cut.
    package var byteCount: UInt64

    package init(_ delivery: Delivery) {
        let properties = delivery.properties
        exchange = delivery.exchange
        routingKey = delivery.routingKey
        contentType = properties.contentType
        contentEncoding = properties.contentEncoding
        messageID = properties.messageID
        correlationID = properties.correlationID
        replyTo = properties.replyTo
        type = properties.type
        byteCount = delivery.announcedByteCount
    }

    /// The key of the dead job that keeps a message of this body: the same one is refused once.
    package static func deduplicationKey(ofBody body: [UInt8]) throws -> String {
        "rejected/sha256:\(Hexadecimal.text(try SHA256.digest(of: body)))"
    }

    /// The message once more.
    /// - Parameter job: the dead job that kept it. Should it be refused again, that is a refusal of its own.
    package func message(body: [UInt8], replayOf job: String) -> OutgoingMessage {
        OutgoingMessage(
            exchange: exchange, routingKey: routingKey,
            properties: MessageProperties(
                contentType: contentType, contentEncoding: contentEncoding, messageID: messageID,
                correlationID: correlationID, replyTo: replyTo, type: type,
                headers: [Self.replayHeader: .string(job)]),
            body: body)
    }

    private static let replayHeader = "x-columna-replay"

    /// The dead job that a message was replayed from.
    package static func replayedJob(of delivery: Delivery) -> String? {
        delivery.properties.headers[replayHeader]?.text
    }
}

extension MessageProperties {
    /// The text properties, without headers: the broker takes them again, since what came over AMQP is short enough and
    /// what is no UTF-8 reads as missing.
    package var republishable: MessageProperties {
        MessageProperties(
            contentType: contentType, contentEncoding: contentEncoding, messageID: messageID,
            correlationID: correlationID, replyTo: replyTo, type: type)
    }
}
