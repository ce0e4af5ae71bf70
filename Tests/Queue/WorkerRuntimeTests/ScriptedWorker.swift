import Foundation
import JobEngine
import Logging
import Messaging
import Persistence
import Registry
import ServiceLifecycle
import Storage
import Studies
import TestSupport
import WorkerRuntime

/// A worker of the stage evaluation in the test's own process, with a handler that the test scripts: over a real
/// database and broker, or over memory and a broker that the test plays.
struct ScriptedWorker {
    /// A store of the test's own, known to the registry.
    static func makeStorage(of registry: any StoreRegistry) async throws -> URL {
        let storage = FileManager.default.temporaryDirectory.appending(path: "columna-worker-\(UUID().uuidString)")
        _ = try await StoreAdoption(store: StoreLocation.store(at: storage), registry: registry, actor: "tests")
            .perform()
        return storage
    }

    /// Runs `body` with a database of its own and the storage that belongs to it.
    static func withSystem(
        connections: Int = 6, _ body: (_ database: TemporaryDatabase, _ storage: URL) async throws -> Void
    ) async throws {
        try await TemporaryDatabase.with(connections: connections) { database async throws in
            let storage = try await makeStorage(of: PostgresStoreRegistry(pool: database.pool))
            defer { try? FileManager.default.removeItem(at: storage) }
            try await body(database, storage)
        }
    }

    /// What the worker has logged, for a test to wait on.
    let log: EventLog
    let store: any JobStore
    private let services: ServiceGroup
    private let task: Task<Void, any Error>

    /// Of the broker that the tests use; nil: there is none.
    static var brokerURL: String? { ProcessInfo.processInfo.environment["COLUMNA_BROKER_URL"] }
    static var isPossible: Bool { TemporaryDatabase.isAvailable && brokerURL != nil }

    init(
        _ database: TemporaryDatabase, storage: URL, slots: Int = 1, leaseInSeconds: Int = 60,
        dependency: @escaping @Sendable (JobRecord) -> String? = { _ in nil },
        handler: @escaping @Sendable (JobContext) async throws -> Completion
    ) throws {
        let broker = try BrokerURL(Self.brokerURL ?? "")
        let policy = RetryPolicy(pace: 0.01)
        let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies, policy: policy)
        let log = EventLog()
        try self.init(
            log, broker: broker, relay: OutboxRelay(store: store, log: log.logger, broker: broker), store: store,
            leaseStore: PostgresJobStore(
                pool: PostgresPool(settings: database.settings, size: 1), bookkeeping: .studies),
            registry: PostgresStoreRegistry(pool: database.pool),
            configuration: try Self.configuration(storage, slots: slots, leaseInSeconds: leaseInSeconds),
            handler: ScriptedHandler(needs: dependency, body: handler))
    }

    /// - Parameters:
    ///   - store: whose outbox nobody empties.
    ///   - broker: its log is the worker's.
    init(
        _ store: InMemoryJobStore, broker: ScriptedBroker, registry: any StoreRegistry, storage: URL, slots: Int = 1,
        handler: @escaping @Sendable (JobContext) async throws -> Completion
    ) throws {
        let relay = OutboxRelay(store: store, log: broker.log.logger) {
            throw MessagingError(.connectionLost, "this test has no broker")
        }
        try self.init(
            broker.log, broker: broker, relay: relay, store: store, leaseStore: store, registry: registry,
            configuration: try Self.configuration(storage, slots: slots, leaseInSeconds: 60),
            handler: ScriptedHandler(body: handler))
    }

    private init(
        _ log: EventLog, broker: any MessageSource, relay: OutboxRelay, store: any JobStore,
        leaseStore: any JobStore, registry: any StoreRegistry,
        configuration: WorkerConfiguration, handler: ScriptedHandler
    ) throws {
        (self.log, self.store) = (log, store)
        let worker = JobWorker(
            JobWorker.Parts(
                stage: .evaluation, configuration: configuration, broker: broker, relay: relay, store: store,
                leaseStore: leaseStore, objects: StoreLocation.store(at: try configuration.system.storage),
                registry: registry, handlers: [handler], log: log.logger))
        let services = ServiceGroup(
            services: [relay, worker], logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        self.services = services
        task = Task { try await services.run() }
    }

    static func configuration(_ storage: URL, slots: Int = 1, leaseInSeconds: Int = 60) throws -> WorkerConfiguration {
        try WorkerConfiguration(environment: [
            "COLUMNA_DATABASE_URL": "postgresql://nowhere", "COLUMNA_BROKER_URL": "amqp://nowhere",
            "COLUMNA_STORAGE": storage.path, "COLUMNA_SLOTS": "\(slots)", "COLUMNA_LEASE_SECONDS": "\(leaseInSeconds)",
            "COLUMNA_SWEEP_SECONDS": "1",
        ])
    }

    /// As a process that is killed, almost: what runs is interrupted and may still write.
    func stop() async {
        task.cancel()
        _ = try? await task.value
    }

    /// As at SIGTERM.
    func drain() async throws {
        await services.triggerGracefulShutdown()
        try await task.value
    }
}

/// A rehearsal without parameters: what it does is up to the handler.
struct ScriptedJob: JobDefinition {
    static let kind = Rehearsal.kind
}

struct ScriptedHandler: JobHandler {
    var needs: @Sendable (JobRecord) -> String? = { _ in nil }
    let body: @Sendable (JobContext) async throws -> Completion

    func dependency(of job: JobRecord, _ parameters: ScriptedJob) -> String? { needs(job) }

    func run(_ job: JobContext, _ parameters: ScriptedJob) async throws -> Completion { try await body(job) }
}
