import Faults
import Foundation
import Messaging
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: Broker.isThere), .timeLimit(.minutes(5))) struct PublisherTests {
    @Test func everyMessageIsConfirmedInItsPlace() async throws {
        try await withQueue { session, queue in
            let publisher = try await Publisher.connect(Broker.url)
            let mixed = [messages(2, to: queue)[0], messages(1, to: "nobody.\(queue)")[0], messages(2, to: queue)[1]]
            let results = try await publisher.publish(mixed)
            #expect(results == [.confirmed, .returned(reason: "NO_ROUTE"), .confirmed])
            #expect(try await session.messageCount(of: queue) == 2)
            await publisher.close()
        }
    }

    @Test func batchLargerThanTheWindowArrivesInOrder() async throws {
        try await withQueue { session, queue in
            let publisher = try await Publisher.connect(Broker.url)
            let results = try await publisher.publish(messages(5000, to: queue))
            #expect(results == Array(repeating: .confirmed, count: 5000))
            let consumer = try await Consumer.connect(Broker.url, queues: [queue], prefetch: 5000)
            let found = try await consumer.next(5000)
            #expect(found.map(\.properties.messageID) == (0..<5000).map { "m\($0)" })
            await consumer.close()
            await publisher.close()
        }
    }

    @Test func manyTasksShareOnePublisher() async throws {
        try await withQueue { session, queue in
            let publisher = try await Publisher.connect(Broker.url)
            let confirmed = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        try await publisher.publish(messages(3, to: queue)).filter { $0 == .confirmed }.count
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(confirmed == 600)
            #expect(try await session.messageCount(of: queue) == 600)
            await publisher.close()
        }
    }

    @Test func fullQueueRejectsWithoutLosingWhatItHas() async throws {
        try await withQueue(["x-overflow": "reject-publish", "x-max-length": 5]) { session, queue in
            let publisher = try await Publisher.connect(Broker.url)
            var results: [PublishResult] = []
            // One by one: the queue checks its length when a message is written, so a burst may overshoot.
            for message in messages(20, to: queue) { results += try await publisher.publish([message]) }
            #expect(results.prefix(5) == [.confirmed, .confirmed, .confirmed, .confirmed, .confirmed])
            #expect(results.last == .rejected)
            #expect(try await session.messageCount(of: queue) == results.filter { $0 == .confirmed }.count)
            await publisher.close()
        }
    }

    @Test func propertiesAndHeadersTravelUnchanged() async throws {
        try await withQueue { session, queue in
            let publisher = try await Publisher.connect(Broker.url)
            let properties = MessageProperties(
                contentType: "application/json", messageID: "id-ü", correlationID: "c", replyTo: "r", type: "t",
                priority: 3,
                headers: [
                    "flag": true, "count": -5, "ratio": .number(0.25), "text": "tëxt", "bytes": .bytes([0, 255]),
                    "nothing": .null,
                    "list": .array(["a", 1]), "table": .table(["inner": .table(["x": "y"])]),
                ])
            let message = OutgoingMessage(
                exchange: "", routingKey: queue, properties: properties, body: [0, 1, 2, 255])
            #expect(try await publisher.publish([message]) == [.confirmed])
            let found = try await session.browse(queue, limit: 1)
            var received = try #require(found.first?.properties)
            // The queue's own.
            received.headers["x-delivery-count"] = nil
            #expect(received == properties)
            #expect(found.first?.body == message.body)
            #expect(found.first?.queue == queue)
            await publisher.close()
        }
    }

    @Test func nameLongerThanAMQPAllowsIsRefusedBeforeItIsSent() async throws {
        let publisher = try await Publisher.connect(Broker.url)
        await #expect(throws: MessagingError(.refused, "")) {
            try await publisher.publish(messages(1, to: String(repeating: "k", count: 256)))
        }
        // The connection is still good.
        #expect(try await publisher.publish(messages(1, to: "nobody.\(UUID())")) == [.returned(reason: "NO_ROUTE")])
        await publisher.close()
    }

    @Test func missingExchangeIsAnErrorAndEndsThePublisher() async throws {
        let publisher = try await Publisher.connect(Broker.url)
        let message = OutgoingMessage(exchange: "no.\(UUID())", routingKey: "", body: [])
        await #expect(throws: MessagingError(.notFound, "")) { try await publisher.publish([message]) }
        await #expect(throws: MessagingError.self) { try await publisher.publish([message]) }
        await publisher.close()
    }

    @Test func lostConnectionFailsWhatIsUnansweredAndWhatComesLater() async throws {
        try await withQueue { session, queue in
            let (proxy, url) = try proxied()
            let publisher = try await Publisher.connect(url)
            #expect(try await publisher.publish(messages(1, to: queue)) == [.confirmed])
            proxy.cut()
            await #expect(throws: MessagingError(.connectionLost, "")) {
                // The first may still be written before the loss is noticed; its answer never comes.
                while true { _ = try await publisher.publish(messages(1, to: queue)) }
            }
            await #expect(throws: MessagingError(.connectionLost, "")) {
                try await publisher.publish(messages(1, to: queue))
            }
            await publisher.close()
            proxy.close()
        }
    }

    @Test func silentBrokerIsFoundByTheHeartbeat() async throws {
        try await withQueue { session, queue in
            let (proxy, url) = try proxied("?heartbeat=1")
            let publisher = try await Publisher.connect(url)
            proxy.freeze()
            await #expect(throws: MessagingError(.connectionLost, "")) {
                try await publisher.publish(messages(1, to: queue))
            }
            await publisher.close()
            proxy.close()
        }
    }

    @Test func missingConfirmIsNoticedInTime() async throws {
        try await withQueue { session, queue in
            let (proxy, url) = try proxied()
            let publisher = try await Publisher.connect(url, confirmTimeout: .milliseconds(300))
            proxy.freeze()
            await #expect(throws: MessagingError(.confirmTimeout, "")) {
                try await publisher.publish(messages(3, to: queue))
            }
            await publisher.close()
            proxy.close()
        }
    }

    /// rabbitmq/rabbitmq-website#2207, celery/celery#1825: short strings of AMQP are UTF-8, and what is none is not to
    /// be mended.
    @Test func propertiesThatAreNoUTF8ReadAsMissingAndAreNamed() async throws {
        try await withQueue { session, queue in
            var url = try Broker.url
            let proxy = try TCPProxy(to: url.port, spoiling: "~~~~")
            url.port = proxy.port
            let sloppy = try await Publisher.connect(url)
            let spoilt = String(repeating: "~~~~", count: 63)
            let properties = MessageProperties(
                contentType: spoilt, messageID: spoilt, correlationID: "c", replyTo: spoilt, type: "t")
            #expect(
                try await sloppy.publish([
                    OutgoingMessage(exchange: "", routingKey: queue, properties: properties, body: [1])
                ]) == [.confirmed])
            await sloppy.close()
            proxy.close()
            let received = try #require(try await session.browse(queue, limit: 1).first?.properties)
            #expect(received.unreadable == ["content_type", "message_id", "reply_to"])
            #expect((received.contentType, received.messageID, received.replyTo) == (nil, nil, nil))
            #expect((received.correlationID, received.type) == ("c", "t"))
        }
    }

    @Test func closedPublisherRefuses() async throws {
        let publisher = try await Publisher.connect(Broker.url)
        await publisher.close()
        await publisher.close()
        await #expect(throws: MessagingError(.closed, "")) { try await publisher.publish(messages(1, to: "any")) }
    }

    @Test func wrongPasswordIsRefusedWithoutBeingShown() async throws {
        var url = try Broker.url
        url.password = "not-the-password"
        let error = await #expect(throws: MessagingError(.accessRefused, "")) { try await Publisher.connect(url) }
        #expect(error?.description.contains("not-the-password") == false)
    }

    @Test func missingVirtualHostIsRefused() async throws {
        var url = try Broker.url
        url.virtualHost = "no-such-host"
        await #expect(throws: MessagingError(.accessRefused, "")) { try await Publisher.connect(url) }
    }

    @Test func nobodyListeningIsUnreachable() async throws {
        let (proxy, url) = try proxied()
        proxy.close()
        let error = await #expect(throws: MessagingError.self) { try await Publisher.connect(url) }
        #expect(error?.isTransient == true)
    }
}

/// A proxy before the broker, and the URL that leads through it.
func proxied(_ query: String = "") throws -> (TCPProxy, BrokerURL) {
    var url = try BrokerURL(#require(Broker.text) + query)
    let proxy = try TCPProxy(to: url.port)
    url.port = proxy.port
    return (proxy, url)
}
