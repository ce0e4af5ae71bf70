import Foundation
import JobEngine
import Operations
import Registry
import Storage
import Studies
import WorkerRuntime

/// Reads objects again: what a medium or somebody has changed ends the job with the addresses, to be restored from a
/// backup and verified again by replaying it.
struct VerifyObjectsJob: JobHandler {
    let objects: any ObjectStore
    let lookup: Lookup

    func run(_ job: JobContext, _ part: VerifyObjects) async throws -> Completion {
        let inventory = try await lookup.inventory(of: objects, beginningWith: part.firstDigits)
        let check = try await StorageCheck(inventory.addresses, in: objects, of: nil) { read, all, _ in
            try job.progress(Double(read) / Double(all), "object \(read + 1) of \(all)")
        }
        let damaged = check.problems.map(\.address)
        guard damaged.isEmpty else { throw Self.failure(damaged, of: check.checked) }
        return Completion(summary: "\(check.checked) objects, \(check.intactBytes) bytes, are as they were stored")
    }

    private static func failure(_ damaged: [ContentAddress], of count: Int) -> JobFailure {
        let named = damaged.prefix(10).map(\.description).joined(separator: ", ") + (damaged.count > 10 ? ", …" : "")
        return JobFailure(
            class: .data, code: "objects-damaged",
            reason:
                "\(damaged.count) of \(count) stored objects are corrupted or missing: \(named); restore them from a backup, then replay this job"
        )
    }
}
