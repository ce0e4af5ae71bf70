import Faults
import JobEngine
import Messaging
import Studies

extension SystemConnection {
    /// The messages in the dead-letter queue, which stay there.
    package func deadLetters(limit: Int) async throws -> [DeadLetter] {
        let session = try await BrokerSession.connect(try broker, name: "columna dead list")
        let found = try await session.browse(Topology.standard.deadQueue, limit: limit)
        await session.close()
        return found.map(DeadLetter.init)
    }

    /// Puts dead letters back to where they came from.
    ///
    /// - Parameter failed: gets why one stays where it is.
    /// - Throws: what every other letter would meet as well.
    package func requeueDeadLetters(
        limit: Int, where isWanted: (DeadLetter) -> Bool, failed: (any Error) -> Void
    ) async throws -> Requeue.Done {
        let session = try await BrokerSession.connect(try broker, name: "columna dead requeue")
        let publisher = try await Publisher.connect(try broker, name: "columna dead requeue")
        let done = try await Requeue(system: self, session: session, publisher: publisher).run(
            limit: limit, isWanted: isWanted, failed: failed)
        await publisher.close()
        // What was taken and not acknowledged goes back into the queue.
        await session.close()
        return done
    }
}

/// Puts dead letters back one at a time: published and confirmed before it is removed, so that a crash in between
/// leaves it twice and not nowhere.
package struct Requeue {
    package struct Done: Sendable {
        package var back = 0
        /// Copies of messages that had been decided on.
        package var dropped = 0
        package var left = 0
    }

    let system: SystemConnection
    let session: BrokerSession
    let publisher: Publisher

    func run(limit: Int, isWanted: (DeadLetter) -> Bool, failed: (any Error) -> Void) async throws -> Done {
        var done = Done()
        // What comes back while this runs is not looked at again.
        for _ in 0..<(try await session.messageCount(of: Topology.standard.deadQueue))
        where done.back + done.dropped < limit {
            guard let delivery = try await session.take(from: Topology.standard.deadQueue) else { break }
            let letter = DeadLetter(delivery)
            guard isWanted(letter) else { continue }
            do {
                if try await putBack(letter) { done.back += 1 } else { done.dropped += 1 }
                try await session.acknowledge(delivery)
            } catch {
                if SystemConnection.endsRun(error) { throw error }
                failed(error)
                done.left += 1
            }
        }
        return done
    }

    /// False: it is only a copy, and what it is a copy of has been decided on.
    private func putBack(_ letter: DeadLetter) async throws -> Bool {
        let delivery = letter.delivery
        if let id = letter.job.flatMap({ JobID($0) }), let job = try await system.store.job(id) {
            guard job.state == .dead else { return false }
            if let message = try await RefusedMessage(of: id, in: system) {
                try await message.publish(system)
                return true
            }
        }
        guard letter.byteCount == delivery.body.count else {
            throw OperationError(
                .refused,
                "a letter has lost its body of \(letter.byteCount) bytes and its dead job: it cannot be put back")
        }
        let home = letter.home
        if home.exchange == Topology.standard.intakeExchange,
            let objection = IntakeDecoder.objection(toRoutingKeyOf: delivery)
        {
            throw OperationError(.refused, "no queue takes a letter: \(objection); its sender must mend it")
        }
        let answers = try await publisher.publish([
            OutgoingMessage(
                exchange: home.exchange, routingKey: home.routingKey, properties: delivery.properties.republishable,
                body: delivery.body)
        ])
        guard answers == [.confirmed] else {
            throw OperationError(.refused, "the broker did not take a message for \(home.exchange): \(answers[0])")
        }
        return true
    }
}
