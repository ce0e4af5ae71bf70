import JobEngine
import Messaging

/// The outbox relay's connection to RabbitMQ.
struct BrokerPublisher: MessagePublisher {
    private let publisher: Publisher

    static func connect(_ url: BrokerURL) async throws -> BrokerPublisher {
        BrokerPublisher(publisher: try await Publisher.connect(url, name: "columna outbox"))
    }

    func publish(_ messages: [OutboxMessage]) async throws -> [Int64] {
        // One row that AMQP cannot carry must not keep the others.
        let sendable = messages.filter { (try? OutgoingMessage($0).checkNames()) != nil }
        let results = try await publisher.publish(sendable.map { OutgoingMessage($0) })
        let kept = zip(sendable, results).filter { isWorthKeeping($0, $1) }.map(\.0.id)
        return messages.map(\.id).filter { !kept.contains($0) }
    }

    /// Returned: nobody has bound a queue to events, or whoever wanted the reply is gone. Rejected or unanswered: a queue is full, or has lost its broker.
    /// A wake-up is only a hint, which the sweeper repeats, and an event has no addressee; keeping them would hold up what comes behind. A reply is kept
    /// until its queue has room.
    private func isWorthKeeping(_ message: OutboxMessage, _ result: PublishResult) -> Bool {
        message.lane == .replies && (result == .rejected || result == .unanswered)
    }

    func close() async { await publisher.close() }
}
