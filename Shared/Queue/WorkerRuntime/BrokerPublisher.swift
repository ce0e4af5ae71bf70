import Documents
package import JobEngine
package import Logging
package import Messaging

/// The outbox relay's connection to RabbitMQ.
package struct BrokerPublisher: MessagePublisher {
    private let publisher: Publisher
    private let log: Logger

    package static func connect(_ url: BrokerURL, log: Logger) async throws -> BrokerPublisher {
        BrokerPublisher(publisher: try await Publisher.connect(url, name: "columna outbox"), log: log)
    }

    package func publish(_ messages: [OutboxMessage]) async throws -> [Int64] {
        // One row that AMQP cannot carry must not keep the others.
        var sendable: [OutboxMessage] = []
        for message in messages {
            do throws(MessagingError) {
                try OutgoingMessage(message).checkNames()
                sendable.append(message)
            } catch {
                sayLost(message, "\(error)")
            }
        }
        let results = try await answers(to: sendable)
        for case (let message, .returned(let reason)) in zip(sendable, results) { sayLost(message, reason) }
        let kept = zip(sendable, results).filter { isWorthKeeping($0, $1) }.map(\.0.id)
        return messages.map(\.id).filter { !kept.contains($0) }
    }

    /// Replies none of which is answered in time, by a broker that takes messages: their queues do not answer, which
    /// each is to have noted.
    private func answers(to messages: [OutboxMessage]) async throws -> [PublishResult] {
        do {
            return try await publisher.publish(messages.map { OutgoingMessage($0) })
        } catch let error as MessagingError where error.code == .confirmTimeout && messages.first?.lane == .replies {
            log.warning(
                "no queue of these replies answers", metadata: ["replies": "\(messages.count)", "error": "\(error)"])
            return messages.map { _ in .unanswered }
        }
    }

    /// Returned: nobody has bound a queue to events, or whoever wanted the reply is gone. Rejected or unanswered: a
    /// queue is full, or has lost its broker. A wake-up is only a hint, which the sweeper repeats, and an event has no
    /// addressee; keeping them would hold up what comes behind. A reply is kept until its queue has room.
    private func isWorthKeeping(_ message: OutboxMessage, _ result: PublishResult) -> Bool {
        message.lane == .replies && (result == .rejected || result == .unanswered)
    }

    /// Nobody will get this reply: the study's sender waits in vain.
    private func sayLost(_ message: OutboxMessage, _ reason: String) {
        guard message.lane == .replies else { return }
        let subject = try? CanonicalJSON.decode(Subject.self, from: message.body).subject
        log.warning(
            "a reply reaches nobody and is let go of",
            metadata: [
                "subject": "\(subject ?? "")", "tenant": "\(message.tenant ?? "")", "queue": "\(message.routingKey)",
                "reason": "\(reason)",
            ])
    }

    private struct Subject: Decodable {
        var subject: String
    }

    package func close() async { await publisher.close() }
}
