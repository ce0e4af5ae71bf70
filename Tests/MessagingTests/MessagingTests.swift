import Foundation
import JobEngine
import Messaging
import Testing

@Suite(.enabled(if: Broker.url != nil), .serialized) struct PublisherTests {
    @Test func publishesTenThousandMessagesConfirmed() async throws {
        let session = try await BrokerSession.connect(Broker.url!)
        let topology = Topology(prefix: "test.\(UUID().uuidString)")
        try await topology.declare(on: session)
        let publisher = try await Publisher.connect(Broker.url!)
        let queue = topology.workQueue(.inference, .urgent)
        let messages = (0..<10000).map { OutgoingMessage(exchange: topology.workExchange, routingKey: Topology.workRoutingKey(.inference, .urgent), properties: MessageProperties(messageID: "m\($0)"), body: Array("hello".utf8)) }
        let clock = ContinuousClock()
        let t = try await clock.measure { let r = try await publisher.publish(messages); #expect(r.allSatisfy { $0 == .confirmed }) }
        print("10000 confirmed in \(t)")
        var one = clock.now
        for m in messages.prefix(200) { _ = try await publisher.publish([m]) }
        print("200 single in \(clock.now - one)")
        let consumer = try await Consumer.connect(Broker.url!, queues: [queue], prefetch: 100)
        one = clock.now
        var n = 0
        for try await d in consumer.deliveries { consumer.ack(d); n += 1; if n == 10200 { break } }
        print("consumed \(n) in \(clock.now - one)")
        await consumer.close()
        #expect(try await session.messageCount(of: queue) == 0)
        await publisher.close()
        try await topology.delete(on: session)
        await session.close()
    }
}

enum Broker {
    static let url = try? BrokerURL(environment: ProcessInfo.processInfo.environment)
}
