import Foundation
import JobEngine
import Studies
import WorkerRuntime

/// A scripted job: holds its slot, fails as told, and leaves one effect. For benchmarks and the kill test, which count
/// effects.
struct RehearsalJob: JobHandler {
    func run(_ job: JobContext, _ script: Rehearsal) async throws -> Completion {
        let end = ContinuousClock.now + .milliseconds(script.milliseconds)
        while .now < end {
            try job.checkCancellation()
            try await Task.sleep(for: .milliseconds(min(20, script.milliseconds)))
        }
        if job.record.attempt <= script.failures, let failureClass = script.failureClass {
            throw JobFailure(
                class: failureClass, code: "rehearsed",
                reason: "attempt \(job.record.attempt) of a rehearsal fails as scripted")
        }
        return Completion(facts: script.leavesEffect ? [try .rehearsed()] : [])
    }
}
