import Documents
package import Foundation

/// A message as a transaction decides it, before it has a place and a time in the outbox. PostgreSQL builds the same in
/// `columna.jobs_announce_state`; the conformance suite holds the two together.
package struct JobEvent: Sendable {
    package var exchange: String
    package var routingKey: String
    package var correlationID: String?
    /// Whose job or study it is about, where it is somebody's.
    package var tenant: Tenant?
    package var type: String
    package var subject: String
    /// JSON object.
    package var data: String

    package init(
        exchange: String, routingKey: String, correlationID: String? = nil, tenant: Tenant? = nil, type: String,
        subject: String, data: String
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.correlationID = correlationID
        self.tenant = tenant
        self.type = type
        self.subject = subject
        self.data = data
    }

    /// The message with its envelope.
    package func message(id: Int64, messageID: UUID, time: Date) throws -> OutboxMessage {
        let messageID = messageID.uuidString.lowercased()
        return OutboxMessage(
            id: id, exchange: exchange, routingKey: routingKey, messageID: messageID, correlationID: correlationID,
            tenant: tenant,
            body: try CloudEvent.body(id: messageID, type: type, subject: subject, time: time, data: data))
    }
}

extension JobEvent {
    private struct WakeUpData: Encodable {
        var job: String
        var stage: Stage
        var priority: Priority
    }

    private struct StateData: Encodable {
        var job: String
        var kind: JobKind
        var stage: Stage
        var state: JobState
        var tenant: Tenant
        var priority: Priority
        var attempt: Int
        var study: String?
        var worker: String?
        var failure: JobFailure?
    }

    /// Tells a stage that it has work. Whoever hears it takes the best job of the stage, not necessarily this one.
    package static func wakeUp(_ job: JobRecord) throws -> JobEvent {
        JobEvent(
            exchange: MessageNames.workExchange, routingKey: MessageNames.workRoutingKey(job.stage, job.priority),
            type: "columna.work.\(job.stage.rawValue)", subject: job.id.description,
            data: try CanonicalJSON.string(
                WakeUpData(job: job.id.description, stage: job.stage, priority: job.priority)))
    }

    /// Tells subscribers that a job is in a new state.
    package static func stateChanged(_ job: JobRecord) throws -> JobEvent {
        let key = MessageNames.jobEvent(job.stage, job.state)
        let data = StateData(
            job: job.id.description, kind: job.kind, stage: job.stage, state: job.state, tenant: job.tenant,
            priority: job.priority,
            attempt: job.attempt, study: job.study?.description, worker: job.worker,
            failure: job.state == .succeeded ? nil : job.failure)
        return JobEvent(
            exchange: MessageNames.eventsExchange, routingKey: key, tenant: job.tenant, type: "columna.\(key)",
            subject: job.id.description,
            data: try CanonicalJSON.string(data))
    }
}
