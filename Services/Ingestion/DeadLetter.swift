import JobEngine
import Messaging

/// A refused message as it goes to the dead-letter queue: its bytes (if they are few) with the reason in the headers.
enum DeadLetter {
    /// Longer bodies stay in storage only; the headers say where.
    private static let longestBody = 64 << 10

    static func message(_ delivery: Delivery, job: JobID, failure: JobFailure) -> OutgoingMessage {
        OutgoingMessage(
            exchange: Topology.standard.deadExchange, routingKey: delivery.routingKey,
            properties: MessageProperties(
                contentType: delivery.properties.contentType, messageID: delivery.properties.messageID,
                headers: [
                    "x-columna-job": .string(job.description), "x-columna-code": .string(failure.code),
                    "x-columna-reason": .string(failure.reason), "x-columna-bytes": .integer(Int64(delivery.body.count)),
                ]),
            body: delivery.body.count <= longestBody ? delivery.body : [])
    }
}
