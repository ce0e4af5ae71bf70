import Foundation
import JobEngine

/// A job in memory, with what `JobRecord` does not show.
struct StoredJob {
    var record: JobRecord
    var counts = FailureCounts()
    /// What it waits for, as that is away.
    var heldFor: String?
    var bestProgress = 0.0
    /// Whether the present attempt got further than those before, or stored a checkpoint.
    var progressed = false
    var progressedAt: Date?
    var changedAt: Date
    var claimOrder: Date?
    var rungAt: Date?
    var parents: [JobID] = []
    var children: [JobID] = []
    var artifacts: [JobArtifact] = []
    var attempts: [JobAttempt] = []
    var facts: [Fact] = []

    var inputs: [ArtifactReference] { artifacts.filter(\.isInput).map(\.reference) }
    var outputs: [ArtifactReference] { artifacts.filter { !$0.isInput }.map(\.reference) }

    /// Takes the others away, and returns them.
    mutating func releaseCheckpoints(except kept: [ContentAddress]) -> [ArtifactReference] {
        let released = outputs.filter { $0.role == ArtifactKind.checkpoint.role && !kept.contains($0.address) }
        artifacts.removeAll { !$0.isInput && released.contains($0.reference) }
        return released
    }

    mutating func add(_ artifact: ArtifactReference, isInput: Bool) {
        let new = JobArtifact(isInput: isInput, reference: artifact)
        let isKnown = artifacts.contains {
            $0.isInput == isInput && $0.reference.role == artifact.role && $0.reference.address == artifact.address
        }
        if !isKnown { artifacts.append(new) }
    }

    /// Claims take the smallest: queue time plus handicap, then id.
    func comesBefore(_ other: StoredJob) -> Bool {
        let (mine, others) = (claimOrder ?? .distantFuture, other.claimOrder ?? .distantFuture)
        return mine == others ? record.id.description < other.record.id.description : mine < others
    }

    mutating func queue(now: Date) {
        record.queuedAt = now
        claimOrder = now.addingTimeInterval(record.priority.handicapInSeconds)
        rungAt = now
    }

    mutating func endLease() {
        record.worker = nil
        record.token = nil
        record.leaseUntil = nil
    }

    mutating func endAttempt(_ outcome: AttemptOutcome, failure: JobFailure?, now: Date) {
        guard !attempts.isEmpty else { return }
        attempts[attempts.count - 1].endedAt = now
        attempts[attempts.count - 1].outcome = outcome.rawValue
        attempts[attempts.count - 1].failure = failure
    }

    mutating func countAnew() {
        counts = FailureCounts()
        bestProgress = 0
        record.attempt = 0
        record.crashes = 0
        record.progress = 0
        record.runAt = nil
    }
}

struct DeduplicationKey: Hashable {
    var tenant: Tenant
    var kind: JobKind
    var key: String
}
