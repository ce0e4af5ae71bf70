import Documents
import Foundation
import JobEngine
import Logging
import Messaging
import Persistence
import Registry
import ServiceLifecycle
import Site
import Storage
import Studies
import WorkerRuntime

/// Turns hospitals' messages into studies and their first jobs. A message is acknowledged only when the database has
/// it, as a study or as a refusal.
///
/// What is refused becomes a dead job that keeps the message's bytes, and a copy of it goes to the dead-letter queue
/// with the reason. What cannot be kept even so, the broker puts there as it came. Whoever asked for answers
/// (`reply_to`, a queue of the tenant's) is told at once that the message was accepted or refused, and the result when
/// the study ends; for the repeat of one that has ended, the result takes the place of the first answer.
struct StudyIntake: Service {
    private let store: any JobStore
    private let objects: any ObjectStore
    private let relay: OutboxRelay
    private let broker: BrokerURL
    private let studies: PostgresStudies
    private let corrections: PostgresCorrections
    private let arrivals: any ArrivalStore
    private let site: Site
    private let keys: ArrivalKeys
    private let deadLetters: DeadLetters
    private let log: Logger

    init(_ resources: WorkerResources, arrivals: any ArrivalStore, site: Site, keys: ArrivalKeys) {
        (store, objects, relay) = (resources.store, resources.objects, resources.relay)
        (broker, log) = (resources.broker, resources.log)
        studies = PostgresStudies(pool: resources.pool)
        corrections = PostgresCorrections(pool: resources.pool)
        self.arrivals = arrivals
        self.site = site
        self.keys = keys
        deadLetters = DeadLetters(resources.broker, log: resources.log)
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await serve()
            await deadLetters.close()
        }
    }

    private func serve() async {
        await Subscription(complaint: "intake interrupted", log: log) { [broker] in
            // One at a time: whatever ends the connection or the process, the broker counts it against the message that
            // is here, and gives up on it after a few. With more of them here, one sender's mistake or another job's
            // crash would count against everybody's.
            try await broker.consume(
                .queues([Topology.standard.intakeQueue]), prefetch: 1, name: "columna intake")
        }.run { consumer, delivery in
            switch await settle(delivery) {
            case .durable: consumer.ack(delivery)
            case .notStorable: consumer.reject(delivery, requeue: false)
            case .open: break
            }
        }
    }

    private enum Fate {
        /// The database has it, as a study or as a dead job.
        case durable
        /// Not even as a dead job: the broker keeps it among the dead letters as it came.
        case notStorable
        /// The worker stops before it is known.
        case open
    }

    /// Keeps at one message until its fate is known. Unless the message itself is at fault, it waits here for as long
    /// as it takes: whatever the database or the storage have, it passes or an operator mends it, and no study is worse
    /// for having come meanwhile.
    private func settle(_ delivery: Delivery) async -> Fate {
        var backoff = ReconnectBackoff(limit: .seconds(10))
        while !Task.isCancelled {
            do {
                do {
                    try await take(delivery)
                } catch  where Self.isTheMessagesFault(error) {
                    try await refuse(delivery, Self.failure(error))
                }
                return .durable
            } catch  where Self.isTheMessagesFault(error) {
                log.error("a refused message cannot be kept", metadata: ["failure": "\(Self.failure(error))"])
                return .notStorable
            } catch {
                if Task.isCancelled { break }
                log.warning(
                    "a message waits: it cannot be stored now",
                    metadata: ["failure": "\(JobFailure(error))"])
                try? await Task.sleep(for: backoff.next())
            }
        }
        return .open
    }

    /// The contract's errors, and values that the database does not take.
    private static func isTheMessagesFault(_ error: any Error) -> Bool {
        switch error {
        case let error as PostgresError: error.isRequestsFault
        case is ContractError, is JobStoreError, is EncodingError: true
        default: false
        }
    }

    private static func failure(_ error: any Error) -> JobFailure {
        if error is ContractError { return JobFailure(error) }
        return JobFailure(
            class: .data, code: "message-not-storable",
            reason: "the database does not take this message: \(JobFailure(error).reason)")
    }

    /// Returns when the message's fate is durable.
    /// - Throws: ``ContractError`` where it must be refused.
    private func take(_ delivery: Delivery) async throws {
        switch try IntakeDecoder.decode(delivery) {
        case .submitted(let submission): try await take(submission)
        case .requested(let request): try await take(request)
        case .completed(let completion): try await take(completion)
        case .corrected(let correction): try await take(correction)
        }
    }

    private func take(_ submission: StudySubmission) async throws {
        if submission.order.pipeline == .import, let dataSet = submission.order.dataSet {
            try await requireOpen(dataSet, submission.sender.tenant)
        }
        let parameters = IngestStudy(
            order: submission.order, path: submission.path, labelPath: submission.labelPath,
            numbering: submission.numbering, series: submission.series)
        try await submit(parameters, asked: submission)
    }

    /// What a version has learned from stays as it was made.
    private func requireOpen(_ dataSet: String, _ tenant: Tenant) async throws {
        guard try await !corrections.used(dataSet: dataSet, tenant: tenant).isEmpty else { return }
        throw ContractError(
            .invalidValue,
            "data set '\(dataSet)' was made of corrections and does not change, expected another: import the case into the one that it was made from"
        )
    }

    private func take(_ request: StudyRequest) async throws {
        let parameters = RetrieveStudy(
            order: request.order, source: request.source, studyInstanceUID: request.studyInstanceUID)
        try await submit(parameters, asked: request)
    }

    private func take(_ correction: StudyCorrection) async throws {
        let parameters = IngestCorrection(
            order: correction.order, study: correction.study, labelPath: correction.labelPath,
            numbering: correction.numbering, parent: correction.parent)
        try await submit(
            parameters, asked: correction,
            correcting: PostgresStudies.SentCorrection(study: correction.study, author: correction.author))
    }

    private func take(_ completion: StudyCompletion) async throws {
        let sender = completion.sender
        try checkReplyQueue(of: sender)
        let key: ArrivalKey
        do {
            key = try keys.key(completion.studyInstanceUID, tenant: sender.tenant)
        } catch is SiteError {
            // Without a secret there is neither listener nor node.
            throw ContractError(
                .invalidValue,
                "nothing arrives here that could be complete, expected a site file with a listener or nodes: send the message where the images go"
            )
        }
        let studyKey = try await arrivals.declareComplete(
            tenant: sender.tenant, study: key, expectedCount: completion.instanceCount)
        let acceptance = StudyAnswer.Acceptance(tenant: sender.tenant, id: sender.messageID, source: sender.source)
        let answer = try JobEvent.accepted(
            acceptance, subject: sender.messageID, replyTo: sender.replyTo, correlationID: sender.correlationID)
        if let answer {
            try await store.send(answer)
            relay.ring()
        }
        log.info("study declared complete", metadata: ["study_key": "\(studyKey)"])
    }

    private func submit(
        _ parameters: some JobDefinition, asked: some StudyIntakeEvent,
        correcting: PostgresStudies.SentCorrection? = nil
    ) async throws {
        let (sender, key) = (asked.sender, asked.deduplicationKey)
        try checkReplyQueue(of: sender)
        let study = Study(
            tenant: sender.tenant, pipeline: asked.order.pipeline, source: sender.source, messageID: sender.messageID,
            contentDigest: try asked.contentDigest, replyTo: sender.replyTo, correlationID: sender.correlationID)
        let request = try JobRequest(
            parameters, tenant: sender.tenant, priority: asked.priority,
            deduplicationKey: CanonicalJSON.string([sender.source, key ?? sender.messageID]), study: study.id)
        let result = try await studies.submit(
            study, first: request, keyBeforeSources: key, correcting: correcting)
        relay.ring()
        switch result {
        case .accepted(let id):
            log.info(
                "study submitted", metadata: ["study": "\(study.id)", "job": "\(id)"])
        case .repeated(let id): log.info("study submitted before", metadata: ["job": "\(id)"])
        case .contradicted(let id):
            throw ContractError(
                .contradiction,
                "this event, by its source and id or by its deduplicationKey, asked for something else before and became job \(id), expected the same content in a repeat: send a new order under an id of its own"
            )
        }
    }

    private func checkReplyQueue(of sender: IntakeSender) throws(ContractError) {
        guard let queue = sender.replyTo, let objection = site.objection(toReplyQueue: queue, of: sender.tenant) else {
            return
        }
        throw ContractError(.invalidValue, objection)
    }
}

extension StudyIntake {
    /// Nothing that the message holds decides whether this works: its bytes go to storage, what it says of itself goes
    /// as far as it can be kept.
    private func refuse(_ delivery: Delivery, _ failure: JobFailure) async throws {
        let tenant = IntakeDecoder.tenant(of: delivery)
        let stored = try await objects.put(Data(delivery.body))
        let envelope = try await objects.put(Data(CanonicalJSON.string(RejectedMessage(delivery)).utf8))
        let request = JobRequest(
            kind: IngestStudy.kind, tenant: tenant ?? "unknown",
            deduplicationKey: try RejectedMessage.deduplicationKey(ofBody: delivery.body),
            inputs: [
                ArtifactReference(.rejectedMessage, stored), ArtifactReference(.rejectedEnvelope, envelope),
            ])
        let result = try await enqueueDead(
            request, failure, replayed: RejectedMessage.replayedJob(of: delivery).flatMap { JobID($0) })
        if let answer = try answer(delivery, tenant, job: result.id, failure) { try await store.send(answer) }
        relay.ring()
        log.warning("message refused", metadata: ["job": "\(result.id)", "failure": "\(failure)"])
        if case .inserted(let id) = result { await deadLetters.post(delivery, job: id, failure: failure) }
    }

    /// The same message is refused once, until an operator has replayed or discarded its dead job: what comes then is
    /// another refusal, and must be seen.
    /// - Parameter replayed: the dead job that it comes from, which is not yet discarded when this runs.
    private func enqueueDead(_ request: JobRequest, _ failure: JobFailure, replayed: JobID?) async throws
        -> EnqueueResult
    {
        let key = request.deduplicationKey ?? ""
        var former = replayed
        while true {
            var request = request
            request.id = JobID()
            request.deduplicationKey = former.map { "\(key)/\($0)" } ?? key
            let result = try await store.enqueueDead(request, failure: failure)
            guard case .duplicate(let id) = result, let job = try await store.job(id), job.state != .dead,
                id != former
            else { return result }
            former = id
        }
    }

    /// Nil where nobody asked for an answer, or where none may be sent.
    private func answer(_ delivery: Delivery, _ tenant: Tenant?, job: JobID, _ failure: JobFailure) throws -> JobEvent?
    {
        guard let tenant, let address = IntakeDecoder.answerAddress(of: delivery),
            site.replyQueues(of: tenant).allows(address.queue)
        else { return nil }
        let refusal = StudyAnswer.Refusal(
            tenant: tenant, id: IntakeDecoder.eventID(of: delivery), job: job, failure: failure)
        return try .refused(refusal, replyTo: address.queue, correlationID: address.correlationID)
    }
}
