import Documents
import ArgumentParser
import Console
import Foundation
import JobEngine
import Messaging
import Studies
import Operations

struct DeadRequeueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "requeue",
        abstract: "Put messages of the dead-letter queue back to where they came from, or offer parked answers again.",
        discussion: """
            What the broker gave up goes back to its exchange with its routing key. What ingestion refused goes to the intake as it was and its dead job is
            discarded; if it is still wrong it is refused anew. A repeat of a study that is there does no harm.

            Examples:
              columna dead requeue
              columna dead requeue --tenant radiology
              columna dead requeue --given-up
              columna dead requeue --replies --queue radiology.results
            """)

    @Option(help: "Only messages of this tenant.")
    var tenant: String?

    @Flag(help: "Only what the broker gave up (delivered too often), not what ingestion refused.")
    var givenUp = false

    @Option(help: "At most so many.")
    var limit = 100_000

    @Flag(help: "Not messages, but answers that their queues refused: try them again now.")
    var replies = false

    @Option(help: "With --replies: only of this queue.")
    var queue: String?

    func validate() throws {
        guard replies || queue == nil else { throw ValidationError("--queue goes with --replies") }
        guard !replies || (tenant == nil && !givenUp) else { throw ValidationError("--replies goes with --queue only") }
    }

    func run() async throws {
        let system = try SystemConnection()
        if replies {
            let count = try await system.store.retryReplies(queue: queue, actor: system.actor)
            return print("\(Wording.count(count, "answer")) will be tried again at once")
        }
        let session = try await BrokerSession.connect(try system.broker, name: "columna dead requeue")
        let publisher = try await Publisher.connect(try system.broker, name: "columna dead requeue")
        let done = try await Requeue(system: system, session: session, publisher: publisher).run(
            limit: limit, isWanted: isWanted)
        await publisher.close()
        // What was taken and not acknowledged goes back into the queue.
        await session.close()
        print(
            "\(Wording.count(done.back, "message")) put back"
                + (done.dropped > 0 ? ", \(done.dropped) dropped whose jobs had been decided on" : ""))
        if done.left > 0 {
            throw CommandFailure(
                .failed,
                "\(Wording.count(done.left, "message")) could not be put back; see `columna dead list --messages`")
        }
    }

    private func isWanted(_ letter: DeadMessage, _ delivery: Delivery) -> Bool {
        guard !givenUp || letter.job == nil else { return false }
        return tenant == nil || delivery.routingKey.split(separator: ".").last.map(String.init) == tenant
    }
}

/// Puts dead letters back one at a time: published and confirmed before it is removed, so that a crash in between
/// leaves it twice and not nowhere.
private struct Requeue {
    struct Done {
        var back = 0
        var dropped = 0
        var left = 0
    }

    let system: SystemConnection
    let session: BrokerSession
    let publisher: Publisher

    func run(limit: Int, isWanted: (DeadMessage, Delivery) -> Bool) async throws -> Done {
        var done = Done()
        // What comes back while this runs is not looked at again.
        for _ in 0..<(try await session.messageCount(of: Topology.standard.deadQueue))
        where done.back + done.dropped < limit {
            guard let delivery = try await session.take(from: Topology.standard.deadQueue) else { break }
            let letter = DeadMessage(delivery)
            guard isWanted(letter, delivery) else { continue }
            do {
                if try await putBack(delivery, letter) { done.back += 1 } else { done.dropped += 1 }
                try await session.acknowledge(delivery)
            } catch {
                if CommandFailure.endsRun(error) { throw error }
                remark("columna: \(CommandFailure(error))")
                done.left += 1
            }
        }
        return done
    }

    /// False: it is only a copy, and what it is a copy of has been decided on.
    private func putBack(_ delivery: Delivery, _ letter: DeadMessage) async throws -> Bool {
        if let id = letter.job.flatMap({ JobID($0) }), let job = try await system.store.job(id) {
            guard job.state == .dead else { return false }
            if let message = try await RefusedMessage(of: id, in: system) {
                try await message.publish(system)
                return true
            }
        }
        guard letter.byteCount == delivery.body.count else {
            throw CommandFailure(
                .failed,
                "a letter has lost its body of \(letter.byteCount) bytes and its dead job: it cannot be put back")
        }
        let home = delivery.home
        if home.exchange == Topology.standard.intakeExchange,
            let objection = IntakeDecoder.objection(toRoutingKeyOf: delivery)
        {
            throw CommandFailure(.failed, "no queue takes a letter: \(objection); its sender must mend it")
        }
        let answers = try await publisher.publish([
            OutgoingMessage(
                exchange: home.exchange, routingKey: home.routingKey, properties: delivery.properties.republishable,
                body: delivery.body)
        ])
        guard answers == [.confirmed] else {
            throw CommandFailure(.failed, "the broker did not take a message for \(home.exchange): \(answers[0])")
        }
        return true
    }
}

extension Delivery {
    /// Where a dead letter was published first: RabbitMQ notes it in the header x-death, the latest death first.
    fileprivate var home: (exchange: String, routingKey: String) {
        guard case .array(let deaths) = properties.headers["x-death"], case .table(let death) = deaths.last,
            let exchange = death["exchange"]?.text, case .array(let keys) = death["routing-keys"],
            let key = keys.first?.text
        else {
            // By the alternate exchange of the intake, or a copy of ingestion's.
            return (
                exchange == Topology.standard.deadExchange ? Topology.standard.intakeExchange : exchange, routingKey
            )
        }
        return (exchange, key)
    }
}
