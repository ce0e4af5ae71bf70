import Foundation
import JobEngine
import Logging
import Messaging
import Persistence
import Storage
import Synchronization
import TestSupport
import WorkerRuntime

/// A worker of the stage evaluation in the test's own process: over a real database and broker, with a handler that the
/// test scripts.
struct ScriptedWorker {
    /// A store of the test's own, known to the database.
    static func makeStorage(of database: TemporaryDatabase) async throws -> URL {
        let storage = FileManager.default.temporaryDirectory.appending(path: "columna-worker-\(UUID().uuidString)")
        _ = try await StoreAdoption(root: storage, registry: PostgresStoreRegistry(pool: database.pool), actor: "tests")
            .perform()
        return storage
    }

    /// What the worker has logged, for a test to wait on.
    let log = EventLog()
    let store: PostgresJobStore
    private let task: Task<Void, any Error>

    static var isPossible: Bool {
        TemporaryDatabase.isAvailable && ProcessInfo.processInfo.environment["COLUMNA_BROKER_URL"] != nil
    }

    init(
        _ database: TemporaryDatabase, storage: URL, slots: Int = 1, leaseInSeconds: Int = 60,
        dependency: @escaping @Sendable (JobRecord) -> String? = { _ in nil },
        handler: @escaping @Sendable (JobContext) async throws -> Completion
    ) throws {
        let environment = ProcessInfo.processInfo.environment.merging([
            "COLUMNA_DATABASE_URL": database.settings.url, "COLUMNA_STORAGE": storage.path, "COLUMNA_SLOTS": "\(slots)",
            "COLUMNA_LEASE_SECONDS": "\(leaseInSeconds)", "COLUMNA_SWEEP_SECONDS": "1",
        ]) { $1 }
        let configuration = try WorkerConfiguration(environment: environment)
        store = PostgresJobStore(pool: database.pool, policy: RetryPolicy(pace: 0.01))
        let logs = log
        let parts = JobWorker.Parts(
            stage: .evaluation, configuration: configuration, broker: try BrokerURL(configuration.brokerURL),
            store: store,
            leaseStore: PostgresJobStore(pool: PostgresPool(settings: database.settings, size: 1)),
            catalog: PostgresCatalog(pool: database.pool),
            objects: FolderStore(root: storage), registry: PostgresStoreRegistry(pool: database.pool),
            handlers: [ScriptedHandler(needs: dependency, body: handler)],
            log: Logger(label: "test", factory: { _ in logs }))
        task = Task { try await JobWorker(parts).run() }
    }

    func stop() async {
        task.cancel()
        _ = try? await task.value
    }
}

private struct ScriptedHandler: JobHandler {
    let kind = JobKind.rehearsal
    let needs: @Sendable (JobRecord) -> String?
    let body: @Sendable (JobContext) async throws -> Completion

    func dependency(of job: JobRecord) -> String? { needs(job) }

    func run(_ job: JobContext) async throws -> Completion { try await body(job) }
}

/// A log that a test can wait on.
final class EventLog: LogHandler, Sendable {
    private struct State {
        var lines: [String] = []
        var waiters: [(part: String, count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// Returns once `count` lines hold `part`.
    func wait(for part: String, count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state -> Bool in
                if state.lines.count(where: { $0.contains(part) }) >= count { return true }
                state.waiters.append((part, count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    var lines: [String] { state.withLock { $0.lines } }

    func log(event: LogEvent) {
        let text = "\(event.level) \(event.message) \(event.metadata ?? [:])"
        let due = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.lines.append(text)
            let due = state.waiters.filter { waiter in
                state.lines.count(where: { $0.contains(waiter.part) }) >= waiter.count
            }
            state.waiters.removeAll { waiter in state.lines.count(where: { $0.contains(waiter.part) }) >= waiter.count }
            return due.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    // One log for all levels and loggers.
    var logLevel: Logger.Level {
        get { .debug }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
}
