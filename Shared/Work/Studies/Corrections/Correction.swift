package import Foundation
package import JobEngine

/// A label map that a person submitted for a study in place of the one it has.
package struct Correction: Sendable, Equatable {
    /// That read it, and by which it goes.
    package var job: JobID
    package var tenant: Tenant
    package var study: StudyID
    /// A person's name, for operators' eyes: not for logs, events or files.
    package var author: String?
    package var submittedAt: Date
    package var state: JobState
    /// Nil: not read yet, or not accepted.
    package var accepted: AcceptedCorrection?
    /// Of the labels, where they were accepted.
    package var labels: ArtifactReference?
    /// Data sets that were made with it, by name.
    package var dataSets: [String]
    /// Of them, those that hold its study out and do not learn from it.
    package var heldOutOf: [String]
    /// Since when nothing learns from it any more; nil: it stands.
    package var withdrawnAt: Date?

    package init(
        job: JobID, tenant: Tenant, study: StudyID, author: String?, submittedAt: Date, state: JobState,
        accepted: AcceptedCorrection?, labels: ArtifactReference?, dataSets: [String], heldOutOf: [String],
        withdrawnAt: Date? = nil
    ) {
        self.job = job
        self.tenant = tenant
        self.study = study
        self.author = author
        self.submittedAt = submittedAt
        self.state = state
        self.accepted = accepted
        self.labels = labels
        self.dataSets = dataSets
        self.heldOutOf = heldOutOf
        self.withdrawnAt = withdrawnAt
    }
}

/// What has learned from a correction.
package struct CorrectionLearners: Sendable, Equatable {
    /// That were made with it.
    package var dataSets: [String] = []
    /// That were trained on those.
    package var versions: [ModelReference] = []
    /// Of them, those that their models' names mean.
    package var promoted: [ModelReference] = []

    package init() {}
}

/// One of a study's label maps, which may be corrected.
package struct CorrectableLabels: Sendable, Equatable {
    package enum Origin: String, Sendable { case segmentation, truth, correction }

    package var origin: Origin
    package var artifact: ArtifactReference
    /// That made it.
    package var job: JobID
    /// Nil for a ground truth.
    package var model: ModelReference?

    package init(origin: Origin, artifact: ArtifactReference, job: JobID, model: ModelReference?) {
        self.origin = origin
        self.artifact = artifact
        self.job = job
        self.model = model
    }
}
