import Foundation
import JobEngine
import Messaging
import Testing
import WorkerRuntime

/// What the outbox is rid of and what stays in it, as RabbitMQ answers.
@Suite(.enabled(if: ScriptedWorker.brokerURL != nil), .timeLimit(.minutes(5))) struct BrokerPublisherTests {
    private let url = ScriptedWorker.brokerURL ?? ""
    private let log = EventLog()

    /// The ids that the broker is done with.
    private func publish(_ messages: [OutboxMessage]) async throws -> [Int64] {
        let publisher = try await BrokerPublisher.connect(try BrokerURL(url), log: log.logger)
        let done = try await publisher.publish(messages)
        await publisher.close()
        return done
    }

    private func message(_ id: Int64, exchange: String = MessageNames.defaultExchange, to key: String) -> OutboxMessage
    {
        OutboxMessage(
            id: id, exchange: exchange, routingKey: key, messageID: "\(id)", tenant: "ward",
            body: #"{"subject": "order-\#(id)"}"#)
    }

    /// Runs `body` with a queue of its own that takes a message or a few, and is full.
    private func withFullQueue(_ body: (String) async throws -> Void) async throws {
        let session = try await BrokerSession.connect(try BrokerURL(url))
        let queue = "test.full.\(UUID().uuidString.lowercased())"
        try await session.declare(
            QueueDeclaration(
                name: queue,
                arguments: ["x-queue-type": "classic", "x-max-length": 1, "x-overflow": "reject-publish"]))
        while try await publish([message(0, to: queue)]) == [0] {}
        try await body(queue)
        try await session.deleteQueue(queue)
        await session.close()
    }

    @Test func aReplyThatItsQueueRefusesStaysAndThoseBesideItGo() async throws {
        try await withFullQueue { queue async throws in
            #expect(try await publish([message(1, to: queue), message(2, to: "test.nobody")]) == [2])
        }
    }

    @Test func aReplyToNobodyIsLetGoOfAndSaidToBeLost() async throws {
        #expect(try await publish([message(3, to: "test.nobody")]) == [3])
        #expect(
            log.lines.contains {
                $0.hasPrefix("warning a reply reaches nobody") && $0.contains("order-3") && $0.contains("test.nobody")
            })
    }

    @Test func anEventThatNobodyHasBoundIsDoneWithWithoutAWord() async throws {
        #expect(try await publish([message(4, exchange: "amq.topic", to: "test.nobody")]) == [4])
        #expect(log.lines.isEmpty)
    }

    @Test func aNameThatAMQPCannotCarryKeepsNoOthers() async throws {
        try await withFullQueue { queue async throws in
            let unsendable = message(5, to: String(repeating: "q", count: 256))
            #expect(try await publish([unsendable, message(6, to: queue)]) == [5])
            #expect(log.lines.contains { $0.contains("order-5") && $0.contains("256 bytes") })
        }
    }
}
