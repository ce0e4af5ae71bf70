import Faults
import Foundation
import JobEngine
import Messaging
import Storage
import Studies
import Threads

/// A message that ingestion refused, as its dead job keeps it.
struct RefusedMessage {
    private let job: JobID
    private let body: [UInt8]
    private let envelope: RejectedMessage

    /// Nil for a job that is none.
    init?(of job: JobID, in system: SystemConnection) async throws {
        let inputs = try await system.store.artifacts(of: job).filter(\.isInput).map(\.reference)
        guard let message = inputs.first(of: .rejectedMessage) else { return nil }
        // Dead jobs from before envelopes were kept have none: their message names no verb.
        guard let envelope = inputs.first(of: .rejectedEnvelope) else {
            throw OperationError(
                .refused, "job \(job) keeps a refused message without its routing key: send it again from its sender")
        }
        self.job = job
        body = try await Self.bytes(message, system)
        self.envelope = try JSONDecoder().decode(
            RejectedMessage.self, from: Data(try await Self.bytes(envelope, system)))
        guard self.envelope.byteCount == UInt64(body.count) else {
            throw OperationError(
                .refused,
                "job \(job) keeps the first \(body.count) of \(self.envelope.byteCount) bytes of a message: it cannot be sent again"
            )
        }
    }

    private static func bytes(_ reference: ArtifactReference, _ system: SystemConnection) async throws -> [UInt8] {
        let file = try await system.objects().open(reference.address, expectedByteCount: reference.byteCount)
        return try await OwnThread.run { [UInt8](try Data(contentsOf: file)) }
    }

    /// Publishes it to where it came from, and discards the dead job when the broker has it. In this order a crash in
    /// between loses nothing.
    func publish(_ system: SystemConnection) async throws {
        try await system.publishToIntake(
            envelope.message(body: body, replayOf: job.description), messageID: envelope.messageID ?? "of job \(job)")
        _ = try await system.store.discardDeadJob(job, actor: system.actor)
    }
}
