import JobEngine
import Logging
import Messaging
import Studies

/// Copies of refused messages for the dead-letter queue, with the reason in their headers. Only a notice: the dead job
/// keeps the message, so that what the broker says to the copy changes nothing for any message.
actor DeadLetters {
    /// Longer bodies stay in storage only; the headers say where.
    private static let longestBody = 64 << 10

    private let broker: BrokerURL
    private let log: Logger
    private var publisher: Publisher?

    init(_ broker: BrokerURL, log: Logger) {
        (self.broker, self.log) = (broker, log)
    }

    func post(_ delivery: Delivery, job: JobID, failure: JobFailure) async {
        do {
            let publisher =
                if let publisher { publisher } else { try await Publisher.connect(broker, name: "columna rejections") }
            self.publisher = publisher
            let answers = try await publisher.publish([Self.message(delivery, job: job, failure: failure)])
            if answers != [.confirmed] { warn(job, "the dead-letter queue did not take it") }
        } catch {
            publisher = nil
            warn(job, "\(error)")
        }
    }

    private func warn(_ job: JobID, _ reason: String) {
        log.warning(
            "a refused message is not in the dead-letter queue; its dead job keeps it",
            metadata: ["job": "\(job)", "error": "\(reason)"])
    }

    private static func message(_ delivery: Delivery, job: JobID, failure: JobFailure) -> OutgoingMessage {
        var properties = delivery.properties.republishable
        // The system's queues are the system's, and nobody is to answer this copy.
        properties.replyTo = nil
        properties.headers = [
            "x-columna-job": .string(job.description), "x-columna-code": .string(failure.code),
            "x-columna-reason": .string(failure.reason),
            "x-columna-bytes": .integer(Int64(delivery.body.count)),
        ]
        return OutgoingMessage(
            exchange: Topology.standard.deadExchange,
            routingKey: delivery.routingKey.utf8.count <= 255 ? delivery.routingKey : "",
            properties: properties, body: delivery.body.count <= longestBody ? delivery.body : [])
    }

    func close() async { await publisher?.close() }
}
