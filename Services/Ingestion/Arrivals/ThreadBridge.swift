import Dispatch
import Synchronization
import WorkerRuntime

/// Runs asynchronous code to its end from a thread of one's own, as callbacks of C libraries need it; never call it on
/// Swift's cooperative pool.
///
/// The code itself runs on an executor of its own, because it reads files and computes.
enum ThreadBridge {
    static func wait<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) throws -> Result {
        let outcome = Outcome<Result>()
        let done = DispatchSemaphore(value: 0)
        Task(executorPreference: JobQueueExecutor(label: "columna.ingestion.bridge")) {
            do { outcome.set(.success(try await body())) } catch { outcome.set(.failure(error)) }
            done.signal()
        }
        done.wait()
        return try outcome.take()
    }

    private final class Outcome<Value: Sendable>: Sendable {
        private let result = Mutex<Swift.Result<Value, any Error>?>(nil)

        func set(_ value: Swift.Result<Value, any Error>) { result.withLock { $0 = value } }

        func take() throws -> Value {
            guard let result = result.withLock({ $0 }) else { throw CancellationError() }
            return try result.get()
        }
    }
}
