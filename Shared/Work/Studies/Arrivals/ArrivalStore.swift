package import Foundation
package import JobEngine

/// Studies that come as files over time. Every method is one transaction.
package protocol ArrivalStore: Sendable {
    /// Records an instance whose bytes are durable. The first one opens an arrival; one that comes after the end makes
    /// the next revision, with all that the former had. The same bytes again change nothing; other bytes under the same
    /// key replace the old ones. A study that is there under its former key keeps it, and its instances have theirs.
    ///
    /// - Parameter maySupersede: false for what is no image of the kind that is segmented: coming late, it changes
    ///   nothing either.
    func receive(_ instance: IncomingInstance, tenant: Tenant, maySupersede: Bool) async throws -> Reception

    /// The sender of these studies has hung up: they settle.
    ///
    /// - Parameter studyKeys: as their receptions say.
    func endTransfer(tenant: Tenant, studyKeys: Set<String>) async throws

    /// The sender says that nothing more will come, or how many there will be. Opens an arrival when none is there; a
    /// complete one stays so.
    ///
    /// - Returns: the key that it has.
    func declareComplete(tenant: Tenant, study key: ArrivalKey, expectedCount: Int?) async throws -> String

    /// Keeps the arrival (made if there is none) for a retrieval's study until that study has ended: nothing else
    /// completes it meanwhile. If the study ends without success, what had come by then is a fragment: it waits for a
    /// further instance, or for another retrieval. Nil when a former study has it already complete; its instances are
    /// there then.
    func reserve(_ key: ArrivalKey, tenant: Tenant, study: StudyID, expectedCount: Int?) async throws -> Arrival?

    /// Open and settling ones that no living retrieval keeps.
    func unsettled() async throws -> [Arrival]

    /// In the order of their keys.
    func instances(of arrival: UUID) async throws -> [ArrivedInstance]

    /// The revision in force, whatever its state.
    func current(_ key: ArrivalKey, tenant: Tenant) async throws -> Arrival?

    /// Ends an arrival with the study made of it and that study's first job, unless an instance came meanwhile (false).
    func complete(
        _ arrival: Arrival, of instances: [ArrivedInstance], signal: CompletionSignal, study: Study,
        first job: JobRequest
    )
        async throws -> Bool

    /// Ends an arrival on behalf of the retrieval that kept it. False: an instance came meanwhile, or it is kept by
    /// another.
    func completeRetrieval(_ arrival: Arrival, of instances: [ArrivedInstance], study: StudyID) async throws -> Bool

    /// Unfinished jobs of superseded revisions that nobody has asked to stop.
    func supersededJobs() async throws -> [JobID]

    /// Newest first.
    func arrivals(tenant: Tenant?, states: Set<ArrivalState>?, limit: Int) async throws -> [Arrival]
}

/// What became of a received instance.
package struct Reception: Sendable, Equatable {
    /// The key that its study has.
    package var studyKey: String
    package var arrival: UUID
    package var revision: Int
    /// False: the same bytes had come before.
    package var isNews: Bool

    package init(studyKey: String, arrival: UUID, revision: Int, isNews: Bool) {
        self.studyKey = studyKey
        self.arrival = arrival
        self.revision = revision
        self.isNews = isNews
    }
}
