package import Documents
package import JobEngine
package import Messaging
import Studies

/// A message in the dead-letter queue: refused by ingestion (its headers say why), given up by the broker, or one that
/// no queue of the intake takes.
package struct DeadLetter: Documented {
    let delivery: Delivery
    /// The dead job that ingestion made of it.
    package let job: String?
    package let code: String?
    package let reason: String?
    /// Of its body as it was sent.
    package let byteCount: Int

    package init(_ delivery: Delivery) {
        self.delivery = delivery
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

    package var messageID: String? { delivery.properties.messageID }
    package var routingKey: String { delivery.routingKey }
    package var tenant: Tenant? { delivery.routingKey.split(separator: ".").last.map { Tenant(String($0)) } }

    package var document: JSONValue {
        [
            "message_id": JSONValue(messageID), "routing_key": JSONValue(routingKey),
            "exchange": JSONValue(delivery.exchange), "byte_count": JSONValue(byteCount),
            "job": JSONValue(job), "code": JSONValue(code), "reason": JSONValue(reason),
        ]
    }

    /// Where it was published first: RabbitMQ notes it in the header x-death, the latest death first.
    var home: (exchange: String, routingKey: String) {
        guard case .array(let deaths) = delivery.properties.headers["x-death"], case .table(let death) = deaths.last,
            let exchange = death["exchange"]?.text, case .array(let keys) = death["routing-keys"],
            let key = keys.first?.text
        else {
            // By the alternate exchange of the intake, or a copy of ingestion's.
            let topology = Topology.standard
            return (
                delivery.exchange == topology.deadExchange ? topology.intakeExchange : delivery.exchange, routingKey
            )
        }
        return (exchange, key)
    }
}
