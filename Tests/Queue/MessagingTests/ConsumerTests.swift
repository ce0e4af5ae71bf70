import Foundation
import JobEngine
import Messaging
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: Broker.isThere), .timeLimit(.minutes(5))) struct ConsumerTests {
    @Test func unacknowledgedMessagesComeAgainAndAcknowledgedOnesDoNot() async throws {
        try await withQueue { session, queue in
            let publisher = try await Publisher.connect(Broker.url)
            _ = try await publisher.publish(messages(3, to: queue))
            let first = try await Consumer.connect(Broker.url, queues: [queue], prefetch: 10)
            let found = try await first.next(3)
            #expect(found.allSatisfy { !$0.redelivered && $0.deliveryCount == 0 })
            first.ack(found[1])
            await first.close()
            let second = try await Consumer.connect(Broker.url, queues: [queue], prefetch: 10)
            let again = try await second.next(2)
            #expect(again.map(\.properties.messageID) == ["m0", "m2"])
            #expect(again.allSatisfy { $0.redelivered && $0.deliveryCount == 1 })
            again.forEach(second.ack)
            await second.close()
            #expect(try await session.messageCount(of: queue) == 0)
            await publisher.close()
        }
    }

    @Test func prefetchBoundsWhatIsHere() async throws {
        try await withQueue { session, queue in
            let publisher = try await Publisher.connect(Broker.url)
            _ = try await publisher.publish(messages(10, to: queue))
            let consumer = try await Consumer.connect(Broker.url, queues: [queue], prefetch: 4)
            let found = try await consumer.next(4)
            #expect(try await session.messageCount(of: queue) == 6)
            found.forEach(consumer.ack)
            _ = try await consumer.next(4)
            #expect(try await session.messageCount(of: queue) == 2)
            await consumer.close()
            await publisher.close()
        }
    }

    @Test func deliveryLimitSendsAMessageToTheDeadLetters() async throws {
        try await withTopology { session, topology in
            let publisher = try await Publisher.connect(Broker.url)
            let wakeUp = OutgoingMessage(
                exchange: topology.workExchange, routingKey: Topology.workRoutingKey(.training, .bulk),
                properties: MessageProperties(messageID: "poison"),
                body: Array("{}".utf8))
            #expect(try await publisher.publish([wakeUp]) == [.confirmed])
            let consumer = try await Consumer.connect(Broker.url, queues: topology.workQueues(.training), prefetch: 1)
            let counts = try await consumer.next(Topology.deliveryLimit + 1) { $0.reject($1, requeue: true) }.map(
                \.deliveryCount)
            #expect(counts == Array(0...Topology.deliveryLimit))
            let dead = try await Consumer.connect(Broker.url, queues: [topology.deadQueue], prefetch: 10)
            let letter = try #require(await dead.next(1).first)
            #expect(letter.properties.messageID == "poison")
            #expect(letter.properties.headers["x-first-death-reason"]?.text == "delivery_limit")
            #expect(letter.properties.headers["x-first-death-queue"]?.text == topology.workQueue(.training, .bulk))
            dead.ack(letter)
            await dead.close()
            await consumer.close()
            await publisher.close()
        }
    }

    @Test func rejectedMessageIsDeadLetteredOnce() async throws {
        try await withTopology { session, topology in
            let publisher = try await Publisher.connect(Broker.url)
            let intake = OutgoingMessage(
                exchange: topology.intakeExchange, routingKey: "study.submitted.radiology", body: Array("no JSON".utf8))
            #expect(try await publisher.publish([intake]) == [.confirmed])
            let consumer = try await Consumer.connect(Broker.url, queues: [topology.intakeQueue], prefetch: 10)
            _ = try await consumer.next(1) { $0.reject($1, requeue: false) }
            let dead = try await Consumer.connect(Broker.url, queues: [topology.deadQueue], prefetch: 10)
            let letter = try #require(await dead.next(1).first)
            #expect(letter.body == intake.body)
            #expect(letter.routingKey == "study.submitted.radiology")
            #expect(letter.properties.headers["x-first-death-reason"]?.text == "rejected")
            await dead.close()
            await consumer.close()
            await publisher.close()
        }
    }

    @Test func messageOfTenMegabytesArrivesWhole() async throws {
        try await withQueue { session, queue in
            let publisher = try await Publisher.connect(Broker.url)
            let body = (0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            #expect(
                try await publisher.publish([OutgoingMessage(exchange: "", routingKey: queue, body: body)]) == [
                    .confirmed
                ])
            let consumer = try await Consumer.connect(Broker.url, queues: [queue], prefetch: 1)
            let delivery = try #require(await consumer.next(1).first)
            #expect(delivery.body == body)
            #expect(delivery.announcedByteCount == 10_000_000)
            let error = #expect(throws: ContractError.self) {
                try IntakeDecoder.decode(
                    body: delivery.body, routingKey: "study.submitted.radiology", delivery.properties)
            }
            #expect(error?.code == .tooLarge)
            consumer.ack(delivery)
            await consumer.close()
            await publisher.close()
        }
    }

    @Test func bodyBeyondTheLimitIsCutAndCounted() async throws {
        try await withQueue { session, queue in
            let publisher = try await Publisher.connect(Broker.url)
            let body = [UInt8](repeating: 9, count: Delivery.maximumBodyByteCount + 1_000_000)
            #expect(
                try await publisher.publish([OutgoingMessage(exchange: "", routingKey: queue, body: body)]) == [
                    .confirmed
                ])
            let consumer = try await Consumer.connect(Broker.url, queues: [queue], prefetch: 1)
            let delivery = try #require(await consumer.next(1).first)
            #expect(delivery.body.count == Delivery.maximumBodyByteCount)
            #expect(delivery.announcedByteCount == UInt64(body.count))
            consumer.ack(delivery)
            await consumer.close()
            await publisher.close()
        }
    }

    @Test func exclusiveQueuesOfAFanoutAllHear() async throws {
        try await withTopology { session, topology in
            let source = Consumer.Source.exclusiveQueue(boundTo: topology.controlExchange)
            let one = try await Consumer.connect(Broker.url, source, prefetch: 5)
            let other = try await Consumer.connect(Broker.url, source, prefetch: 5)
            let publisher = try await Publisher.connect(Broker.url)
            let message = try ControlMessage(.pause, .stage(.training)).message(exchange: topology.controlExchange)
            #expect(try await publisher.publish([message]) == [.confirmed])
            #expect(try await one.next(1).map(\.body) == [message.body])
            #expect(try await other.next(1).map(\.body) == [message.body])
            await one.close()
            await other.close()
            #expect(try await publisher.publish([message]) == [.returned(reason: "NO_ROUTE")])
            await publisher.close()
        }
    }

    @Test func lostConnectionEndsTheStreamWithAnError() async throws {
        try await withQueue { session, queue in
            let (proxy, url) = try proxied()
            let publisher = try await Publisher.connect(Broker.url)
            _ = try await publisher.publish(messages(1, to: queue))
            let consumer = try await Consumer.connect(url, queues: [queue], prefetch: 1)
            let delivery = try #require(await consumer.next(1).first)
            proxy.cut()
            await #expect(throws: MessagingError(.connectionLost, "")) { try await consumer.next(1) }
            await consumer.close()

            // After reconnecting, an acknowledgement of the lost connection touches nothing.
            let again = try await Consumer.connect(Broker.url, queues: [queue], prefetch: 1)
            let repeated = try #require(await again.next(1).first)
            #expect(repeated.redelivered)
            again.ack(delivery)
            await again.close()
            let last = try await Consumer.connect(Broker.url, queues: [queue], prefetch: 1)
            #expect(try await last.next(1).first?.properties.messageID == "m0")
            await last.close()
            await publisher.close()
            proxy.close()
        }
    }

    @Test func silentBrokerIsFoundByTheHeartbeat() async throws {
        try await withQueue { session, queue in
            let (proxy, url) = try proxied("?heartbeat=1")
            let consumer = try await Consumer.connect(url, queues: [queue], prefetch: 1)
            proxy.freeze()
            await #expect(throws: MessagingError(.connectionLost, "")) { try await consumer.next(1) }
            await consumer.close()
            proxy.close()
        }
    }

    /// The wait is the broker's: a message lies four heartbeats in another queue before it comes here.
    @Test func idleConsumerOutlivesItsHeartbeat() async throws {
        try await withQueue { session, queue in
            let waiting = "\(queue).waiting"
            try await session.declare(
                QueueDeclaration(
                    name: waiting,
                    arguments: [
                        "x-message-ttl": 4000, "x-expires": 60000, "x-dead-letter-exchange": "",
                        "x-dead-letter-routing-key": .string(queue),
                    ]))
            let consumer = try await Consumer.connect(
                BrokerURL(#require(Broker.text) + "?heartbeat=1"), queues: [queue], prefetch: 1)
            let publisher = try await Publisher.connect(BrokerURL(#require(Broker.text) + "?heartbeat=1"))
            #expect(try await publisher.publish(messages(1, to: waiting)) == [.confirmed])
            let delivery = try #require(await consumer.next(1).first)
            consumer.ack(delivery)
            #expect(try await publisher.publish(messages(1, to: queue)) == [.confirmed])
            await consumer.close()
            await publisher.close()
            try await session.deleteQueue(waiting)
        }
    }

    @Test func deletedQueueCancelsTheConsumer() async throws {
        try await withQueue { session, queue in
            let consumer = try await Consumer.connect(Broker.url, queues: [queue], prefetch: 1)
            try await session.deleteQueue(queue)
            await #expect(throws: MessagingError(.consumerCancelled, "")) { try await consumer.next(1) }
            await consumer.close()
        }
    }

    @Test func missingQueueIsNotFound() async throws {
        let url = try Broker.url
        await #expect(throws: MessagingError(.notFound, "")) {
            try await Consumer.connect(url, queues: ["no.\(UUID())"], prefetch: 1)
        }
    }

    @Test func closeEndsTheStream() async throws {
        try await withQueue { session, queue in
            let consumer = try await Consumer.connect(Broker.url, queues: [queue], prefetch: 1)
            async let found = consumer.next(1)
            await consumer.close()
            #expect(try await found.isEmpty)
        }
    }
}

extension Consumer {
    /// The next `count` deliveries, each given to `act` as it comes.
    func next(_ count: Int, _ act: (Consumer, Delivery) -> Void) async throws -> [Delivery] {
        var found: [Delivery] = []
        for try await delivery in deliveries {
            found.append(delivery)
            act(self, delivery)
            if found.count == count { break }
        }
        return found
    }
}
