package import Foundation

/// A study as it was submitted: the root of its jobs' lineage. Free of patient data.
package struct Study: Sendable, Equatable {
    package var id: UUID
    package var tenant: String
    package var pipeline: PipelineName
    /// `message_id` or CloudEvents `id` of the intake message; a repeat with the same one is the same study.
    package var messageID: String
    /// Where the result goes when the pipeline ends, if the hospital asked for it.
    package var replyTo: String?
    package var correlationID: String?
    package var state: StudyState
    /// By the store's clock; nil until it is read from there.
    package var createdAt: Date?

    package init(
        id: UUID = UUID(), tenant: String, pipeline: PipelineName, messageID: String, replyTo: String? = nil, correlationID: String? = nil,
        state: StudyState = .submitted, createdAt: Date? = nil
    ) {
        self.id = id
        self.tenant = tenant
        self.pipeline = pipeline
        self.messageID = messageID
        self.replyTo = replyTo
        self.correlationID = correlationID
        self.state = state
        self.createdAt = createdAt
    }
}

/// `submitted` until its last job ended: `succeeded` if that job succeeded, else `dead` or `cancelled`.
package enum StudyState: String, Sendable, Codable, CaseIterable {
    case submitted, succeeded, dead, cancelled
}
