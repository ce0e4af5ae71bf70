import Dispatch

/// Runs one job's (or one upkeep loop's) asynchronous code on a thread that is not of Swift's cooperative pool, so that
/// hours of computing or a blocking C call hold nobody else up.
package final class JobQueueExecutor: TaskExecutor {
    private let queue: DispatchQueue

    package init(label: String) {
        queue = DispatchQueue(label: label, qos: .userInitiated)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        queue.async { unowned.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
