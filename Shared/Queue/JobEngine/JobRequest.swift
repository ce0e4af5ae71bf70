import Documents
package import Foundation

/// A job that somebody wants done: what the store needs to insert it.
package struct JobRequest: Sendable {
    package var id: JobID
    package var kind: JobKind
    package var tenant: Tenant
    package var priority: Priority
    /// A second request with the same tenant, kind and key is the same job. Nil: always a new job.
    package var deduplicationKey: String?
    /// Canonical JSON object (sorted keys) of the kind's ``JobDefinition``.
    package private(set) var parameters = "{}"
    /// Jobs this one was made by or waits for. The job waits until all have succeeded, and is cancelled if one of them
    /// ends otherwise.
    package var parents: [JobID]
    package var inputs: [ArtifactReference]
    /// The study this job serves, if it serves one.
    package var study: StudyID?
    /// Not to be started before; nil: at once.
    package var runAt: Date?

    /// Without parameters: for a job that is there to keep its inputs, and for tests of the queue.
    package init(
        id: JobID = JobID(), kind: JobKind, tenant: Tenant, priority: Priority = .routine,
        deduplicationKey: String? = nil,
        parents: [JobID] = [], inputs: [ArtifactReference] = [], study: StudyID? = nil, runAt: Date? = nil
    ) {
        self.id = id
        self.kind = kind
        self.tenant = tenant
        self.priority = priority
        self.deduplicationKey = deduplicationKey
        self.parents = parents
        self.inputs = inputs
        self.study = study
        self.runAt = runAt
    }

    package init<Definition: JobDefinition>(
        _ parameters: Definition, tenant: Tenant, priority: Priority = .routine, deduplicationKey: String? = nil,
        parents: [JobID] = [], inputs: [ArtifactReference] = [], study: StudyID? = nil, runAt: Date? = nil
    ) throws {
        self.init(
            kind: Definition.kind, tenant: tenant, priority: priority, deduplicationKey: deduplicationKey,
            parents: parents, inputs: inputs, study: study, runAt: runAt)
        self.parameters = try CanonicalJSON.string(parameters)
    }
}

/// What became of a request.
package enum EnqueueResult: Sendable, Equatable {
    case inserted(JobID)
    case duplicate(of: JobID)

    package var id: JobID {
        switch self {
        case .inserted(let id), .duplicate(let id): id
        }
    }
}
