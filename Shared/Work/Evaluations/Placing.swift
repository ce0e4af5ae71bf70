import JobEngine

/// Puts requests into the store, counting what was new, and tries anew what had failed.
struct Placing {
    let store: any JobStore
    let actor: String
    /// Whether what had failed is tried anew.
    var revives: Bool
    private(set) var inserted = 0
    private(set) var revived = 0

    init(store: any JobStore, actor: String, revives: Bool = true) {
        self.revives = revives
        self.store = store
        self.actor = actor
    }

    /// The jobs of the requests in their order, nil for nil.
    mutating func place(_ requests: [JobRequest?]) async throws -> [JobID?] {
        let wanted = requests.compactMap { $0 }
        var results = try await store.enqueue(wanted).makeIterator()
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
        guard revives, let state = try await store.job(job)?.state, state.isFailure else { return }
        if let after = try await store.replayJob(job, actor: actor), after != state { revived += 1 }
    }

    /// Which of the jobs will not succeed as they are.
    func failed(_ jobs: [JobID]) async throws -> Set<JobID> {
        var failed: Set<JobID> = []
        for job in jobs {
            guard let record = try await store.job(job), record.state != .succeeded else { continue }
            var isDoomed = record.state.isFailure
            for parent in try await store.parents(of: job) where try await store.job(parent)?.state.isFailure == true {
                isDoomed = true
            }
            if isDoomed { failed.insert(job) }
        }
        return failed
    }
}

extension JobState {
    fileprivate var isFailure: Bool { self == .dead || self == .cancelled }
}
