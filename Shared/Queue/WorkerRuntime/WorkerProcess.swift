package import JobEngine
import Logging
import Messaging
package import Persistence

/// What the `@main` of each worker runs: a service process that claims jobs.
package enum WorkerProcess {
    /// - Parameters:
    ///   - bookkeeping: what the database keeps beside jobs.
    ///   - requirements: of the machine, checked before anything else (the tensor core's instruction set).
    ///   - program: made once, of what the process has opened.
    package static func run(
        stage: Stage, bookkeeping: Bookkeeping, requirements: () throws -> Void = {},
        program: @Sendable (WorkerResources) async throws -> WorkerProgram
    ) async {
        let process = ServiceProcess(
            name: "columna-\(stage.rawValue)", kind: "a worker",
            about:
                "of the stage \(stage.rawValue). It takes no arguments and reads COLUMNA_DATABASE_URL, COLUMNA_BROKER_URL, COLUMNA_STORAGE and the other variables that the README lists. SIGTERM drains it."
        )
        await process.run(requirements: requirements) { (configuration: WorkerConfiguration, log) in
            let resources = try await open(configuration, bookkeeping, log)
            let program = try await program(resources)
            try program.checkHandlers(of: stage, kinds: bookkeeping.kinds)
            // The relay ends last: it publishes what the others leave.
            return [resources.relay, worker(stage, resources, program.handlers)] + program.companions + [
                SchemaWatch(schema: resources.schema)
            ]
        }
    }

    private static func open(_ configuration: WorkerConfiguration, _ bookkeeping: Bookkeeping, _ log: Logger)
        async throws
        -> WorkerResources
    {
        let schema = try SchemaCheck(environment: configuration.system.environment) { log.warning("\($0)") }
        let system = try SystemResources(
            configuration.system, connections: min(9, configuration.slots + 3), schema: schema)
        let broker = try system.broker
        try await Startup.reachDatabase(system.pool, log: log)
        let store = PostgresJobStore(
            pool: system.pool, bookkeeping: bookkeeping, policy: RetryPolicy(pace: configuration.retryPace), log: log)
        return WorkerResources(
            configuration: configuration, system: system, schema: schema, broker: broker, store: store,
            relay: OutboxRelay(store: store, log: log, broker: broker), objects: try system.storage, log: log)
    }

    /// A handler that does not stop in time must not keep the process: its lease expires and another worker takes the
    /// job.
    private static func worker(_ stage: Stage, _ resources: WorkerResources, _ handlers: [any JobHandler])
        -> GracePeriod
    {
        let (configuration, log) = (resources.configuration, resources.log)
        let worker = JobWorker(
            JobWorker.Parts(
                stage: stage, configuration: configuration, broker: resources.broker, relay: resources.relay,
                store: resources.store,
                leaseStore: PostgresJobStore(
                    pool: PostgresPool(settings: resources.system.database, size: 1), bookkeeping: Bookkeeping()),
                objects: resources.objects,
                registry: resources.system.registry, handlers: handlers, log: log))
        return GracePeriod(seconds: configuration.graceInSeconds, of: worker) {
            log.error(
                "the grace period is over with a job still running: leaving it to its lease",
                metadata: ["seconds": "\(configuration.graceInSeconds)"])
        }
    }
}
