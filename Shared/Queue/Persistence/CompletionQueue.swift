import Foundation
import JobEngine

/// One job's success, waiting to be written.
struct PendingCompletion: Sendable {
    let job: JobID
    let token: Int64
    let completion: Completion
    let answer: CheckedContinuation<Bool, any Error>
}

/// Completions that arrive while others are being written go together into the next transaction: one commit, one flush
/// of the disk.
///
/// Decides which go when; `PostgresJobStore` writes. Two transactions at a time, so that one that waits for a lock does
/// not hold all up.
struct CompletionQueue: Sendable {
    private static let writers = 2
    private static let batch = 64

    private var pending: [PendingCompletion] = []
    private var busyWriters = 0

    /// True: the caller shall start a writer, which takes batches until there are none.
    mutating func add(_ completion: PendingCompletion) -> Bool {
        pending.append(completion)
        guard busyWriters < Self.writers else { return false }
        busyWriters += 1
        return true
    }

    /// Empty: the writer has ended.
    mutating func nextBatch() -> [PendingCompletion] {
        let batch = Array(pending.prefix(Self.batch))
        pending.removeFirst(batch.count)
        if batch.isEmpty { busyWriters -= 1 }
        return batch
    }
}
