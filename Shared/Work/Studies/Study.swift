package import Foundation
package import JobEngine

/// A study as it was submitted: the root of its jobs' lineage. Free of patient data.
package struct Study: Sendable, Equatable {
    package var id: StudyID
    package var tenant: Tenant
    package var pipeline: PipelineName
    /// CloudEvents `source` of the intake message: with the id it names the event, and a repeat of it is the same
    /// study. Nil for studies from before sources were kept.
    package var source: String?
    /// CloudEvents `id`, unique for its source.
    package var messageID: String
    /// SHA-256 of what was asked for: a repeat that asks for something else is none. Nil where the same is never asked
    /// for twice.
    package var contentDigest: String?
    /// Where the result goes when the pipeline ends, if the hospital asked for it.
    package var replyTo: String?
    package var correlationID: String?
    package var state: StudyState
    /// By the store's clock; nil until it is read from there.
    package var createdAt: Date?

    package init(
        id: StudyID = StudyID(), tenant: Tenant, pipeline: PipelineName, source: String? = "columna", messageID: String,
        contentDigest: String? = nil,
        replyTo: String? = nil, correlationID: String? = nil, state: StudyState = .submitted, createdAt: Date? = nil
    ) {
        self.id = id
        self.tenant = tenant
        self.pipeline = pipeline
        self.source = source
        self.messageID = messageID
        self.contentDigest = contentDigest
        self.replyTo = replyTo
        self.correlationID = correlationID
        self.state = state
        self.createdAt = createdAt
    }
}

extension Study {
    /// Whether another study stands for the same event of the same tenant. Where `self` is from before sources were
    /// kept, it does so only if it asked for the same as well.
    package func isSameEvent(as other: Study) -> Bool {
        id == other.id
            || (tenant == other.tenant && messageID == other.messageID && (source == other.source || source == nil))
    }

    /// Whether something else was asked for under the same name. What nobody noted contradicts nothing.
    package func contradicts(_ digest: String?) -> Bool {
        guard let contentDigest, let digest else { return false }
        return contentDigest != digest
    }
}

/// `submitted` until its last job ended: `succeeded` if that job succeeded, else `dead` or `cancelled`.
package enum StudyState: String, Sendable, Codable, CaseIterable {
    case submitted, succeeded, dead, cancelled
}
