import Faults
import Foundation
package import JobEngine

extension InMemoryJobStore {
    package func enqueue(_ requests: [JobRequest]) throws -> [EnqueueResult] {
        let now = clock()
        try check(requests)
        return try requests.map { try insert($0, failure: nil, now: now) }
    }

    package func enqueue(_ requests: [JobRequest], unlessOpen kind: JobKind, of tenant: Tenant) throws -> Int {
        let open = jobs.values.map(\.record).count { $0.kind == kind && $0.tenant == tenant && !$0.state.isTerminal }
        if open == 0 { _ = try enqueue(requests) }
        return open
    }

    package func enqueueDead(_ request: JobRequest, failure: JobFailure) throws -> EnqueueResult {
        let now = clock()
        try check([request])
        return try insert(request, failure: failure, now: now)
    }

    /// Before anything is written, so that a refused batch leaves nothing behind.
    func check(_ requests: [JobRequest]) throws {
        let known = Set(requests.map(\.id))
        for request in requests {
            guard request.parents.allSatisfy({ known.contains($0) || jobs[$0] != nil }) else {
                throw JobStoreError(.unknownParent, "a parent of the requested job does not exist")
            }
        }
    }

    func insert(_ request: JobRequest, failure: JobFailure?, now: Date) throws -> EnqueueResult {
        if jobs[request.id] != nil { return .duplicate(of: request.id) }
        if let key = request.deduplicationKey {
            let key = DeduplicationKey(tenant: request.tenant, kind: request.kind, key: key)
            if let known = keys[key] { return .duplicate(of: known) }
            keys[key] = request.id
        }
        var job = StoredJob(record: Self.record(request, failure: failure, now: now), changedAt: now)
        job.parents = Set(request.parents).sorted { $0.description < $1.description }
        for input in request.inputs { job.add(input, isInput: true) }
        if failure == nil, (request.runAt ?? now) <= now, parentsSucceeded(job) {
            job.record.state = .queued
            job.queue(now: now)
        }
        jobs[request.id] = job
        for parent in job.parents { jobs[parent]?.children.append(request.id) }
        try announce(job)
        return .inserted(request.id)
    }

    private static func record(_ request: JobRequest, failure: JobFailure?, now: Date) -> JobRecord {
        JobRecord(
            id: request.id, kind: request.kind, tenant: request.tenant, priority: request.priority,
            state: failure == nil ? .waiting : .dead, deduplicationKey: request.deduplicationKey,
            parameters: request.parameters,
            study: request.study, attempt: 0, crashes: 0, isPaused: false, cancellationRequested: false, worker: nil,
            token: nil,
            leaseUntil: nil, progress: 0, progressNote: "", failure: failure, createdAt: now, queuedAt: nil,
            runAt: request.runAt,
            startedAt: nil, finishedAt: failure == nil ? nil : now)
    }
}
