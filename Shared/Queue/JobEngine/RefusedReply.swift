package import Foundation

/// An answer that its queue did not take.
package struct RefusedReply: Sendable, Equatable {
    package var id: Int64
    package var tenant: Tenant
    package var queue: String
    /// Such as `columna.study.succeeded`.
    package var type: String
    /// The study, or the dead job of a refused message.
    package var subject: String
    package var tries: Int
    package var refusedSince: Date
    /// Nil: it is parked, and waits for an operator.
    package var nextTryAt: Date?

    package init(
        id: Int64, tenant: Tenant, queue: String, type: String, subject: String, tries: Int, refusedSince: Date,
        nextTryAt: Date?
    ) {
        self.id = id
        self.tenant = tenant
        self.queue = queue
        self.type = type
        self.subject = subject
        self.tries = tries
        self.refusedSince = refusedSince
        self.nextTryAt = nextTryAt
    }
}
