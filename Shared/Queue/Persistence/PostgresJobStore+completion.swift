import Foundation
package import JobEngine
import Synchronization

extension PostgresJobStore {
    /// Jobs that end at the same time share a transaction; each is answered for itself.
    package func completeJobIfRunning(_ job: JobID, token: Int64, completion: Completion) async throws -> Bool {
        try await withCheckedThrowingContinuation { answer in
            let pending = PendingCompletion(job: job, token: token, completion: completion, answer: answer)
            if completions.withLock({ $0.add(pending) }) { Task { await self.writeCompletions() } }
        }
    }

    private func writeCompletions() async {
        while true {
            let batch = completions.withLock { $0.nextBatch() }
            if batch.isEmpty { return }
            await write(batch)
        }
    }

    private func write(_ batch: [PendingCompletion]) async {
        do {
            let areWritten = try await runIfLeaseIsHeld(try queries(batch))
            if areWritten || batch.count == 1 { return batch.forEach { $0.answer.resume(returning: areWritten) } }
        } catch {
            // What the server refuses to everybody is nobody's fault; anything else may be one job's, and must not be
            // the others'.
            let isShared = (error as? PostgresError)?.concernsEveryone ?? false
            if isShared || batch.count == 1 { return batch.forEach { $0.answer.resume(throwing: error) } }
        }
        for completion in batch { await write([completion]) }
    }

    /// Raises CL001, which undoes everything, unless all leases are held.
    private func queries(_ batch: [PendingCompletion]) throws -> [Query] {
        let jobs = batch.map(\.job.uuid)
        var queries = [
            JobStatements.completeJobsIfRunning(
                .uuids(jobs), .integers(batch.map(\.token)), .texts(batch.map(\.completion.summary)))
        ]
        for ended in batch {
            let completion = ended.completion
            if !completion.outputs.isEmpty || !completion.additionalInputs.isEmpty {
                queries.append(
                    ArtifactStatements.record(
                        outputs: completion.outputs, inputs: completion.additionalInputs, of: ended.job))
            }
            queries += try bookkeeping.queries(for: completion.facts, of: ended.job)
            if !completion.children.isEmpty { queries += Self.enqueueQueries(completion.children, failure: nil) }
        }
        queries.append(JobStatements.lockWaitingChildren(.uuids(jobs)))
        queries.append(JobStatements.releaseChildren(.uuids(jobs)))
        return queries + bookkeeping.queries(afterEndOf: batch.map(\.job))
    }
}
