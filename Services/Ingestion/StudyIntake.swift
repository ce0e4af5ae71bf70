import Foundation
import JobEngine
import Logging
import Messaging
import ServiceLifecycle
import Storage
import WorkerRuntime

/// Turns hospitals' messages into studies and their first jobs. A message is acknowledged only when the database has it.
///
/// What cannot be read becomes a dead job that keeps the message's bytes, and goes to the dead-letter queue with its reason; it is never requeued.
struct StudyIntake: Service {
    private let parts: JobWorker.Parts
    private let relay: OutboxRelay
    private let arrivals: any ArrivalStore

    init(_ parts: JobWorker.Parts, relay: OutboxRelay, arrivals: any ArrivalStore) {
        self.arrivals = arrivals
        self.parts = parts
        self.relay = relay
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { await serve() }
    }

    private func serve() async {
        var backoff = ReconnectBackoff()
        while !Task.isCancelled {
            do {
                let publisher = try await Publisher.connect(parts.broker, name: "columna rejections")
                let consumer = try await Consumer.connect(parts.broker, queues: [Topology.standard.intakeQueue], prefetch: 64, name: "columna intake")
                for try await delivery in consumer.deliveries {
                    try await settle(delivery, publisher)
                    consumer.ack(delivery)
                    backoff.reset()
                }
                await consumer.close()
                await publisher.close()
            } catch {
                if Task.isCancelled { return }
                parts.log.warning("intake interrupted, reconnecting", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: backoff.next())
            }
        }
    }

    /// Keeps at one message until its fate is durable. While database or storage are away it waits here and does not give messages back: the broker
    /// counts every return and would take good studies for poison after a few.
    private func settle(_ delivery: Delivery, _ publisher: Publisher) async throws {
        var backoff = ReconnectBackoff(limit: .seconds(10))
        while true {
            do {
                return try await take(delivery, publisher)
            } catch {
                let failure = JobFailure(classifying: error)
                guard [.transient, .resource].contains(failure.class), !(error is MessagingError) else { throw error }
                parts.log.warning("a message waits: it cannot be stored now", metadata: ["failure": "\(failure)"])
                try await Task.sleep(for: backoff.next())
            }
        }
    }

    /// Returns when the message's fate is durable.
    private func take(_ delivery: Delivery, _ publisher: Publisher) async throws {
        let message: IntakeMessage
        do throws(ContractError) {
            message = try IntakeDecoder.decode(delivery)
        } catch {
            try await refuse(delivery, error, publisher)
            return
        }
        switch message {
        case .submitted(let submission): try await take(submission)
        case .requested(let request): try await take(request)
        case .completed(let completion): try await take(completion)
        }
    }

    private func take(_ submission: StudySubmission) async throws {
        let sender = IntakeSender(
            tenant: submission.tenant, messageID: submission.messageID, replyTo: submission.replyTo, correlationID: submission.correlationID)
        let parameters = IngestParameters(
            order: submission.order, path: submission.path, labelPath: submission.labelPath, numbering: submission.numbering, series: submission.series)
        try await submit(
            .ingestStudy, parameters, pipeline: submission.order.pipeline, priority: submission.priority, key: submission.deduplicationKey, of: sender)
    }

    private func take(_ request: StudyRequest) async throws {
        let parameters = RetrieveParameters(order: request.order, source: request.source, studyInstanceUID: request.studyInstanceUID)
        try await submit(
            .retrieveStudy, parameters, pipeline: request.order.pipeline, priority: request.priority, key: request.deduplicationKey, of: request.sender)
    }

    private func take(_ completion: StudyCompletion) async throws {
        let key = try ArrivalKeys(tenant: completion.sender.tenant).key(completion.studyInstanceUID)
        try await arrivals.declareComplete(
            tenant: completion.sender.tenant, studyKey: key, expectedCount: completion.instanceCount)
        parts.log.info("study declared complete", metadata: ["study_key": "\(key)"])
    }

    private func submit(
        _ kind: JobKind, _ parameters: some Encodable, pipeline: PipelineName, priority: Priority, key: String, of sender: IntakeSender
    ) async throws {
        let study = Study(
            tenant: sender.tenant, pipeline: pipeline, messageID: sender.messageID, replyTo: sender.replyTo, correlationID: sender.correlationID)
        let request = JobRequest(
            kind: kind, tenant: sender.tenant, priority: priority, deduplicationKey: key, parameters: try CanonicalJSON.string(parameters),
            study: study.id)
        let result = try await parts.store.submit(study, first: request)
        relay.ring()
        switch result {
        case .inserted(let id): parts.log.info("study submitted", metadata: ["study": "\(study.id.uuidString.lowercased())", "job": "\(id)"])
        case .duplicate(let id): parts.log.info("study submitted before", metadata: ["job": "\(id)"])
        }
    }

    private func refuse(_ delivery: Delivery, _ error: ContractError, _ publisher: Publisher) async throws {
        let stored = try await parts.objects.put(Data(delivery.body))
        let failure = JobFailure(class: .data, code: "message-\(error.code.rawValue)", reason: error.description)
        let request = JobRequest(
            kind: .ingestStudy, tenant: IntakeDecoder.tenant(of: delivery) ?? "unknown", deduplicationKey: "rejected/\(stored.address)",
            inputs: [
                ArtifactReference(
                    role: Role.rejectedMessage, address: stored.address.description, byteCount: stored.byteCount,
                    mediaType: "application/octet-stream")
            ])
        let result = try await parts.store.enqueueDead(request, failure: failure)
        relay.ring()
        parts.log.warning("message refused", metadata: ["job": "\(result.id)", "failure": "\(failure)"])
        guard case .inserted(let id) = result else { return }
        let answers = try await publisher.publish([DeadLetter.message(delivery, job: id, failure: failure)])
        guard answers == [.confirmed] else {
            parts.log.warning("the dead-letter queue did not take the message; the dead job keeps it", metadata: ["job": "\(id)"])
            return
        }
    }
}
