import Foundation
import JobEngine
import Messaging
import Studies
import Testing

@Suite(.enabled(if: Broker.isThere), .timeLimit(.minutes(5))) struct BrokerSessionTests {
    private func publish(_ count: Int, to exchange: String) async throws -> [OutgoingMessage] {
        let publisher = try await Publisher.connect(Broker.url)
        let letters = (0..<count).map {
            OutgoingMessage(
                exchange: exchange, routingKey: "", properties: MessageProperties(messageID: "m\($0)"),
                body: [UInt8($0)])
        }
        _ = try await publisher.publish(letters)
        await publisher.close()
        return letters
    }

    @Test func browsingLeavesTheDeadWhereTheyAre() async throws {
        try await withTopology { session, topology in
            let letters = try await publish(5, to: topology.deadExchange)
            // More often than any delivery limit would allow.
            for _ in 0..<8 {
                let ids = try await session.browse(topology.deadQueue, limit: 3).map(\.properties.messageID)
                #expect(ids == ["m0", "m1", "m2"])
            }
            let all = try await session.browse(topology.deadQueue, limit: 100).map(\.body)
            #expect(all == letters.map(\.body))
        }
    }

    @Test func whatIsTakenIsGoneOnceAcknowledgedAndComesBackOtherwise() async throws {
        try await withTopology { session, topology in
            _ = try await publish(3, to: topology.deadExchange)
            let taker = try await BrokerSession.connect(Broker.url)
            for number in 0..<3 {
                let delivery = try #require(try await taker.take(from: topology.deadQueue))
                #expect(delivery.properties.messageID == "m\(number)")
                if number == 1 { try await taker.acknowledge(delivery) }
            }
            #expect(try await taker.take(from: topology.deadQueue) == nil)
            await taker.close()
            let rest = try await session.browse(topology.deadQueue, limit: 100).map(\.properties.messageID)
            #expect(rest == ["m0", "m2"])
        }
    }

    @Test func unroutedIntakeShowsAmongTheDead() async throws {
        try await withTopology { session, topology in
            let publisher = try await Publisher.connect(Broker.url)
            let typo = OutgoingMessage(
                exchange: topology.intakeExchange, routingKey: "study.submited.radiology", body: Array("{}".utf8))
            let good = OutgoingMessage(
                exchange: topology.intakeExchange, routingKey: "study.submitted.radiology", body: Array("{}".utf8))
            #expect(try await publisher.publish([typo, good]) == [.confirmed, .confirmed])
            #expect(
                try await session.browse(topology.deadQueue, limit: 10).map(\.routingKey) == [
                    "study.submited.radiology"
                ])
            #expect(try await session.messageCount(of: topology.intakeQueue) == 1)
            await publisher.close()
        }
    }

    @Test func wakeUpsGoToTheQueueOfTheirStageAndPriority() async throws {
        try await withTopology { session, topology in
            let publisher = try await Publisher.connect(Broker.url)
            for stage in Stage.allCases {
                for priority in Priority.allCases {
                    let wakeUp = OutgoingMessage(
                        exchange: topology.workExchange, routingKey: Topology.workRoutingKey(stage, priority), body: [])
                    #expect(try await publisher.publish([wakeUp]) == [.confirmed])
                    #expect(try await session.messageCount(of: topology.workQueue(stage, priority)) == 1)
                }
            }
            await publisher.close()
        }
    }

    @Test func topologyMayBeDeclaredTwiceButNotChanged() async throws {
        try await withTopology { session, topology in
            try await topology.declare(on: session, intakeKeys: ["study.submitted.*"])
            await #expect(throws: MessagingError(.preconditionFailed, "")) {
                try await session.declare(
                    QueueDeclaration(name: topology.deadQueue, arguments: ["x-queue-type": "quorum"]))
            }
            // The session goes on after the broker's exception.
            #expect(try await session.messageCount(of: topology.deadQueue) == 0)
        }
    }

    @Test func missingQueueIsNotFoundAndTheSessionGoesOn() async throws {
        try await withQueue { session, queue in
            await #expect(throws: MessagingError(.notFound, "")) { try await session.messageCount(of: "no.\(queue)") }
            await #expect(throws: MessagingError(.notFound, "")) { try await session.purge("no.\(queue)") }
            let count = try await session.messageCount(of: queue)
            #expect(count == 0)
        }
    }

    /// The example of the README: Debian's amqp-publish sends no message_id, so the CloudEvents id names the study. It
    /// takes a URL that ends in '/' for one with an empty virtual host, hence %2F.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/amqp-publish")))
    func amqpPublishEnqueuesAStudy() async throws {
        try await withTopology { session, topology in
            let body =
                #"{"specversion":"1.0","id":"2026-000123","source":"pacs","type":"dev.columna.study.submitted.v1","data":{"path":"/studies/000123"}}"#
            let url = try Broker.url
            let text = "amqp://\(url.user):\(url.password)@\(url.host):\(url.port)/%2F"
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/amqp-publish")
            process.arguments = [
                "-u", text, "-e", topology.intakeExchange, "-r", "study.submitted.radiology", "-p", "-C",
                "application/json",
                "-b", body,
            ]
            try process.run()
            let consumer = try await Consumer.connect(Broker.url, queues: [topology.intakeQueue], prefetch: 1)
            let delivery = try #require(await consumer.next(1).first)
            let submission = try #require(try IntakeDecoder.decode(delivery).submission)
            #expect(submission.sender.messageID == "2026-000123")
            #expect(submission.sender.tenant == "radiology")
            consumer.ack(delivery)
            await consumer.close()
        }
    }
}
