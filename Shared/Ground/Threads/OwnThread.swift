import Foundation
import Synchronization

/// A thread of its own for what blocks or computes: Swift's cooperative pool has one thread per core and must not
/// wait.
package enum OwnThread {
    /// Starts a thread that nobody joins.
    ///
    /// - Parameters:
    ///   - name: as debuggers and `top` show it; the system takes 15 bytes.
    ///   - stackByteCount: address space, of which only what is used takes memory.
    package static func start(
        _ name: String, stackByteCount: Int = 8 << 20, _ body: @escaping @Sendable () -> Void
    ) {
        precondition(name.utf8.count <= 15, "thread name '\(name)' is longer than 15 bytes")
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackByteCount)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let box = Unmanaged.passRetained(
            Box {
                Thread.current.name = name
                body()
            })
        var thread = pthread_t()
        let status = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        precondition(status == 0, "pthread_create failed with \(status): raise the limit of threads")
    }

    /// Runs `body` on a thread of its own and gives its result.
    package static func run<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try await withCheckedContinuation { continuation in
            start("columna.blocks") { continuation.resume(returning: Result(catching: body)) }
        }.get()
    }

    /// Runs asynchronous code to its end while the calling thread waits, as callbacks of C libraries need it; never
    /// call it on Swift's cooperative pool.
    ///
    /// The code itself runs on a thread of its own too, because it may read files and compute.
    package static func wait<Value: Sendable>(for body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let outcome = Outcome<Value>()
        let done = DispatchSemaphore(value: 0)
        Task(executorPreference: ThreadExecutor(name: "columna.waited")) {
            do { outcome.set(.success(try await body())) } catch { outcome.set(.failure(error)) }
            done.signal()
        }
        done.wait()
        return try outcome.take()
    }

    private final class Box: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private final class Outcome<Value: Sendable>: Sendable {
        private let result = Mutex<Result<Value, any Error>?>(nil)

        func set(_ value: Result<Value, any Error>) { result.withLock { $0 = value } }

        func take() throws -> Value {
            guard let result = result.withLock({ $0 }) else { throw CancellationError() }
            return try result.get()
        }
    }
}
