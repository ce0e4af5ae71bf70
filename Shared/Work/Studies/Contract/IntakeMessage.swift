package import JobEngine

/// What hospitals say at the intake, by its routing key `study.<verb>.<tenant>`.
package enum IntakeVerb: String, Sendable, CaseIterable {
    /// A study lies in a folder: process it.
    case submitted
    /// A study lies in an archive: fetch it and process it.
    case requested
    /// Of a study that was sent by C-STORE nothing more will come.
    case completed
    /// A person corrected the labels of a study.
    case corrected

    package var eventType: String {
        switch self {
        case .submitted: EventType.studySubmitted
        case .requested: EventType.studyRequested
        case .completed: EventType.studyCompleted
        case .corrected: EventType.studyCorrected
        }
    }

    /// What the intake queue takes, of all tenants.
    package static var routingKeys: [String] { allCases.map { $0.routingKey("*") } }

    package func routingKey(_ tenant: Tenant) -> String { "study.\(rawValue).\(tenant)" }
}

/// A message that keeps the contract.
package enum IntakeMessage: Sendable, Equatable {
    case submitted(StudySubmission)
    case requested(StudyRequest)
    case completed(StudyCompletion)
    case corrected(StudyCorrection)

    package var submission: StudySubmission? {
        if case .submitted(let submission) = self { submission } else { nil }
    }
}

/// Who sent a message, and who waits for the answer.
package struct IntakeSender: Sendable, Equatable {
    /// From the routing key.
    package var tenant: Tenant
    /// The CloudEvents `source`. With the id it names the event: CloudEvents 1.0.2, "id".
    package var source: String
    /// The CloudEvents `id`, unique for its source. A repeat changes nothing.
    package var messageID: String
    /// The queue that gets the answers.
    package var replyTo: String?
    package var correlationID: String?

    package init(
        tenant: Tenant, source: String = "columna", messageID: String, replyTo: String? = nil,
        correlationID: String? = nil
    ) {
        self.tenant = tenant
        self.source = source
        self.messageID = messageID
        self.replyTo = replyTo
        self.correlationID = correlationID
    }
}
