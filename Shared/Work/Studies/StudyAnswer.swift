import Documents
package import JobEngine

/// What a sender is told at once, before there is a result: the data of `study.accepted` and `study.refused`.
package enum StudyAnswer {
    /// The data of `study.accepted`.
    package struct Acceptance: Sendable, Codable, Equatable {
        package var tenant: Tenant
        /// The event that is answered, named by its id and its source: the asker's own, whatever the study began with.
        package var id: String
        package var source: String?
        /// Missing where the message began no study.
        package var study: String?
        /// The study's first job.
        package var job: String?
        /// Whether the study was there already.
        package var repeated: Bool

        package init(
            tenant: Tenant, id: String, source: String?, study: StudyID? = nil, job: JobID? = nil,
            repeated: Bool = false
        ) {
            self.tenant = tenant
            self.id = id
            self.source = source
            self.study = study?.description
            self.job = job?.description
            self.repeated = repeated
        }
    }

    /// The data of `study.refused`.
    package struct Refusal: Sendable, Codable, Equatable {
        package var tenant: Tenant
        /// Of the event, if it could be read.
        package var id: String?
        /// The dead job that keeps the message.
        package var job: String
        package var failure: JobFailure

        package init(tenant: Tenant, id: String?, job: JobID, failure: JobFailure) {
            self.tenant = tenant
            self.id = id
            self.job = job.description
            self.failure = failure
        }
    }
}

extension JobEvent {
    /// Nil when the sender asked for no answer.
    package static func accepted(
        _ acceptance: StudyAnswer.Acceptance, subject: String, replyTo queue: String?, correlationID: String?
    ) throws -> JobEvent? {
        guard let queue else { return nil }
        return JobEvent(
            exchange: MessageNames.defaultExchange, routingKey: queue, correlationID: correlationID,
            tenant: acceptance.tenant, type: "columna.study.accepted", subject: subject,
            data: try CanonicalJSON.string(acceptance))
    }

    package static func refused(_ refusal: StudyAnswer.Refusal, replyTo queue: String, correlationID: String?) throws
        -> JobEvent
    {
        JobEvent(
            exchange: MessageNames.defaultExchange, routingKey: queue, correlationID: correlationID,
            tenant: refusal.tenant, type: "columna.study.refused", subject: refusal.job,
            data: try CanonicalJSON.string(refusal))
    }
}
