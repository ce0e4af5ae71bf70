import Documents
import Messaging
import Studies

/// A message in the dead-letter queue: refused by ingestion (its headers say why), given up by the broker, or one that
/// no queue of the intake takes.
struct DeadMessage {
    let job: String?
    let code: String?
    let reason: String?
    let byteCount: Int

    init(_ delivery: Delivery) {
        let headers = delivery.properties.headers
        job = headers["x-columna-job"]?.text
        let stray =
            delivery.exchange == Topology.standard.intakeExchange
            ? IntakeDecoder.objection(toRoutingKeyOf: delivery) : nil
        code = headers["x-columna-code"]?.text ?? headers["x-first-death-reason"]?.text ?? stray?.code.rawValue
        let queue = headers["x-first-death-queue"]?.text
        reason =
            headers["x-columna-reason"]?.text ?? stray?.description
            ?? code.map { "the broker gave it up (\($0))" + (queue.map { " in \($0)" } ?? "") }
        byteCount = headers["x-columna-bytes"]?.integer.map { Int($0) } ?? delivery.body.count
    }

    static func json(_ delivery: Delivery) -> JSONValue {
        let message = DeadMessage(delivery)
        return [
            "message_id": JSONValue(delivery.properties.messageID), "routing_key": JSONValue(delivery.routingKey),
            "exchange": JSONValue(delivery.exchange), "byte_count": JSONValue(message.byteCount),
            "job": JSONValue(message.job),
            "code": JSONValue(message.code), "reason": JSONValue(message.reason),
        ]
    }
}
