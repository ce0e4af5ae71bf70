package import JobEngine

/// Names, exchanges, queues and bindings: job-engine, "Topology". Declared by `columna migrate` and `columna local up`.
///
///     study.<verb>.<tenant> ─────> columna.intake (topic) ──> columna.intake      (submitted, requested, completed)
///                                   └ any other key ────────> columna.dead (fanout) ──> columna.dead
///     outbox ─ <stage>.<priority> ─> columna.work (direct) ──> columna.work.<stage>.<priority>
///     outbox ──> columna.events (topic) ──> queues of subscribers
///     operator ─> columna.control (fanout) ──> one exclusive queue of each worker
package struct Topology: Sendable, Hashable {
    /// The topology of a deployment.
    package static let standard = Topology(prefix: "columna")

    /// What all names begin with; tests use another one.
    package let prefix: String

    package init(prefix: String) { self.prefix = prefix }

    /// After so many deliveries without an acknowledgement a message is dead-lettered.
    package static let deliveryLimit = 5

    package var intakeExchange: String { "\(prefix).intake" }
    package var workExchange: String { "\(prefix).work" }
    package var eventsExchange: String { "\(prefix).events" }
    package var controlExchange: String { "\(prefix).control" }
    package var deadExchange: String { "\(prefix).dead" }
    package var intakeQueue: String { "\(prefix).intake" }
    package var deadQueue: String { "\(prefix).dead" }

    /// The queue of a stage and a priority, bound to the work exchange by ``workRoutingKey(_:_:)``.
    package func workQueue(_ stage: Stage, _ priority: Priority) -> String {
        "\(prefix).work.\(Self.workRoutingKey(stage, priority))"
    }

    package static func workRoutingKey(_ stage: Stage, _ priority: Priority) -> String {
        "\(stage.rawValue).\(priority.rawValue)"
    }

    /// A stage's three queues, the most urgent first.
    package func workQueues(_ stage: Stage) -> [String] { Priority.allCases.map { workQueue(stage, $0) } }

    package var exchanges: [ExchangeDeclaration] {
        [
            ExchangeDeclaration(name: deadExchange, kind: .fanout),
            // A key that no queue takes is a sender's mistake: it shows among the dead, not nowhere.
            ExchangeDeclaration(
                name: intakeExchange, kind: .topic, arguments: ["alternate-exchange": .string(deadExchange)]),
            ExchangeDeclaration(name: workExchange, kind: .direct),
            ExchangeDeclaration(name: eventsExchange, kind: .topic),
            ExchangeDeclaration(name: controlExchange, kind: .fanout),
        ]
    }

    package var queues: [QueueDeclaration] {
        let work = Stage.allCases.flatMap { workQueues($0) }.map { queue($0, maximumLength: 100_000) }
        return [deadLetterQueue, queue(intakeQueue, maximumLength: 100_000)] + work
    }

    /// - Parameter intakeKeys: the routing keys, with wildcards, that the intake queue takes.
    package func bindings(intakeKeys: [String]) -> [(queue: String, exchange: String, routingKey: String)] {
        let work = Stage.allCases.flatMap { stage in
            Priority.allCases.map {
                (queue: workQueue(stage, $0), exchange: workExchange, routingKey: Self.workRoutingKey(stage, $0))
            }
        }
        return [
            (queue: deadQueue, exchange: deadExchange, routingKey: "")
        ] + intakeKeys.map { (queue: intakeQueue, exchange: intakeExchange, routingKey: $0) } + work
    }

    /// Declares everything; harmless when repeated.
    ///
    /// - Parameter intakeKeys: the routing keys, with wildcards, that the intake queue takes.
    /// - Throws: ``MessagingError``; `precondition-failed` when something exists with other arguments.
    package func declare(on session: BrokerSession, intakeKeys: [String]) async throws {
        for exchange in exchanges { try await session.declare(exchange) }
        for queue in queues { try await session.declare(queue) }
        for binding in bindings(intakeKeys: intakeKeys) {
            try await session.bind(binding.queue, to: binding.exchange, routingKey: binding.routingKey)
        }
    }

    /// Deletes everything, with the messages.
    package func delete(on session: BrokerSession) async throws {
        for queue in queues { try await session.deleteQueue(queue.name) }
        for exchange in exchanges { try await session.deleteExchange(exchange.name) }
    }

    /// Dead-lettering at least once demands quorum queues that refuse publishes when full.
    private func queue(_ name: String, maximumLength: Int) -> QueueDeclaration {
        QueueDeclaration(
            name: name,
            arguments: [
                "x-queue-type": "quorum", "x-delivery-limit": .integer(Int64(Self.deliveryLimit)),
                "x-overflow": "reject-publish",
                "x-max-length": .integer(Int64(maximumLength)), "x-dead-letter-exchange": .string(deadExchange),
                "x-dead-letter-strategy": "at-least-once",
            ])
    }

    /// The end of the line. Looking at its messages counts as a delivery, so the limit is out of reach; without any
    /// limit RabbitMQ 3.10 would put what was looked at behind the rest.
    private var deadLetterQueue: QueueDeclaration {
        QueueDeclaration(
            name: deadQueue,
            arguments: [
                "x-queue-type": "quorum", "x-delivery-limit": 1_000_000_000, "x-overflow": "reject-publish",
                "x-max-length": 100_000,
                "x-max-length-bytes": .integer(4 << 30),
            ])
    }
}
