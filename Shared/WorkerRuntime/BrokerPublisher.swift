import JobEngine
import Messaging

/// The outbox relay's connection to RabbitMQ.
struct BrokerPublisher: MessagePublisher {
    private let publisher: Publisher

    static func connect(_ url: BrokerURL) async throws -> BrokerPublisher {
        BrokerPublisher(publisher: try await Publisher.connect(url, name: "columna outbox"))
    }

    func publish(_ messages: [OutboxMessage]) async throws -> [Int64] {
        let results = try await publisher.publish(messages.map { OutgoingMessage($0) })
        return zip(messages, results).compactMap { message, result in
            switch result {
            case .confirmed: message.id
            // Nobody has bound a queue to events, or whoever wanted the reply is gone: there is nobody to tell. A wake-up must arrive.
            case .returned: message.exchange == Topology.standard.workExchange ? nil : message.id
            case .rejected: nil
            }
        }
    }

    func close() async { await publisher.close() }
}
