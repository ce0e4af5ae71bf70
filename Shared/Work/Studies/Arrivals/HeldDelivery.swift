package import Foundation
package import JobEngine

/// A result that was not sent to an archive, and why: it waits for an operator.
package struct HeldDelivery: Sendable, Codable, Equatable {
    package enum Cause: String, Sendable, Codable, CaseIterable {
        /// The segmentation needs review, and the tenant's policy says that such ones wait.
        case needsReview = "needs-review"
        /// The version that segmented was not the promoted one.
        case modelNotPromoted = "model-not-promoted"
    }

    /// Name of a node of the site file.
    package var destination: String
    /// `NAME@VERSION`.
    package var model: ModelReference
    package var cause: Cause
    /// A sentence each.
    package var reasons: [String]

    package init(destination: String, model: ModelReference, cause: Cause, reasons: [String]) {
        self.destination = destination
        self.model = model
        self.cause = cause
        self.reasons = reasons
    }
}

/// What operators see of it.
package struct HeldDeliveryRecord: Sendable, Equatable {
    package enum Decision: String, Sendable, CaseIterable {
        case released, discarded
    }

    /// The delivery that was held; it names the hold.
    package var job: JobID
    package var study: StudyID
    package var tenant: Tenant
    package var held: HeldDelivery
    package var heldAt: Date
    /// Nil: it waits.
    package var decision: Decision?
    package var decidedBy: String?
    package var decidedAt: Date?
    /// The delivery that a release made.
    package var releaseJob: JobID?

    package init(
        job: JobID, study: StudyID, tenant: Tenant, held: HeldDelivery, heldAt: Date, decision: Decision?,
        decidedBy: String?, decidedAt: Date?,
        releaseJob: JobID?
    ) {
        self.job = job
        self.study = study
        self.tenant = tenant
        self.held = held
        self.heldAt = heldAt
        self.decision = decision
        self.decidedBy = decidedBy
        self.decidedAt = decidedAt
        self.releaseJob = releaseJob
    }
}
