import Foundation
import JobEngine

/// Puts requests into the store, counting what was new, and tries anew what had failed.
struct Placing {
    let store: any JobStore
    let actor: String
    let now: Date
    private(set) var inserted = 0
    private(set) var revived = 0

    init(store: any JobStore, actor: String, now: Date) {
        self.store = store
        self.actor = actor
        self.now = now
    }

    /// The jobs of the requests in their order, nil for nil.
    mutating func place(_ requests: [JobRequest?]) async throws -> [JobID?] {
        let wanted = requests.compactMap { $0 }
        var results = try await store.enqueue(wanted, now: now).makeIterator()
        var jobs: [JobID?] = []
        for request in requests {
            guard request != nil, let result = results.next() else {
                jobs.append(nil)
                continue
            }
            switch result {
            case .inserted: inserted += 1
            case .duplicate(let known): try await revive(known)
            }
            jobs.append(result.id)
        }
        return jobs
    }

    private mutating func revive(_ job: JobID) async throws {
        guard let state = try await store.job(job)?.state, state == .dead || state == .cancelled else { return }
        _ = try await store.replayJob(job, actor: actor, now: now)
        revived += 1
    }
}
