package import Foundation
import JobEngine
import Studies

/// The one suite that the store in memory and the store in PostgreSQL both pass. Each check gets an empty store whose
/// `RetryPolicy` was made with `chance`, and owns time.
package enum JobStoreConformance {
    package static let all = enqueueing + claiming + ending + lineage + operating + upkeep + holding

    /// The random number of the stores under test.
    package static let chance = 0.5

    /// When checks begin; a whole second, so that it survives PostgreSQL's microseconds.
    package static let dawn = Date(timeIntervalSince1970: 1_750_000_000)

    package static func time(_ seconds: Double) -> Date { dawn.addingTimeInterval(seconds) }

    static func rehearsal(
        tenant: Tenant = "clinic", priority: Priority = .routine, key: String? = nil, parents: [JobID] = [],
        runAt: Date? = nil,
        study: StudyID? = nil
    ) -> JobRequest {
        JobRequest(
            kind: Rehearsal.kind, tenant: tenant, priority: priority, deduplicationKey: key, parents: parents,
            study: study,
            runAt: runAt)
    }

    static func artifact(_ role: String, _ digit: Character = "a", byteCount: Int = 10) -> ArtifactReference {
        ArtifactReference(
            role: role, address: .repeating(digit), byteCount: byteCount,
            mediaType: "application/octet-stream")
    }

    static func claim(
        _ store: ClockedStore, worker: String = "worker-1", limit: Int = 1, lease: Double = 120, at seconds: Double,
        of stage: Stage = .evaluation
    ) async throws -> [ClaimedJob] {
        try await store.at(seconds).claimAvailableJobs(
            ClaimRequest(stage: stage, worker: worker, limit: limit, leaseInSeconds: lease, codeVersion: "1.2.3"))
    }

    /// Enqueues a job and claims it.
    static func running(_ store: ClockedStore, _ request: JobRequest = rehearsal(), at seconds: Double = 0) async throws
        -> ClaimedJob
    {
        _ = try await store.at(seconds).enqueue([request])
        return try require(try await claim(store, at: seconds, of: request.kind.stage).first, "a claimable job")
    }

    static func record(_ store: ClockedStore, _ id: JobID) async throws -> JobRecord {
        try require(try await store.jobs.job(id), "job \(id)")
    }

    static func state(_ store: ClockedStore, _ id: JobID) async throws -> JobState { try await record(store, id).state }

    /// Takes every message out of the outbox.
    static func messages(_ store: ClockedStore) async throws -> [OutboxMessage] {
        let basket = MessageBasket()
        for lane in OutboxLane.allCases {
            while try await store.jobs.drainOutbox(lane, limit: 100, publish: { await basket.add($0) }) > 0 {}
        }
        return await basket.messages
    }

    static func keys(_ messages: [OutboxMessage], exchange: String) -> [String] {
        messages.filter { $0.exchange == exchange }.map(\.routingKey)
    }
}

/// Confirms whatever it is given.
actor MessageBasket {
    private(set) var messages: [OutboxMessage] = []

    func add(_ more: [OutboxMessage]) -> [Int64] {
        messages += more
        return more.map(\.id)
    }
}
