package import JobEngine
import Logging
import FoundationEssentials
import Glibc
import Messaging
import Persistence
import ServiceLifecycle
import Storage
import UnixSignals

/// What the `@main` of each worker runs: reads the environment, connects, and serves until SIGTERM or SIGINT.
package enum WorkerProcess {
    /// - Parameters:
    ///   - requirements: of the machine, checked before anything else (the tensor core's instruction set).
    ///   - program: made once, of what the process has opened.
    package static func run(
        stage: Stage, requirements: () throws -> Void = {},
        program: @Sendable (WorkerResources) async throws -> WorkerProgram
    ) async {
        answerArguments(stage)
        do {
            try requirements()
            let configuration = try WorkerConfiguration(environment: ProcessInfo.processInfo.environment)
            let log = WorkerLog.logger("columna-\(stage.rawValue)", level: configuration.logLevel)
            let resources = try await open(configuration, log)
            let program = try await program(resources)
            let parts = JobWorker.Parts(
                stage: stage, configuration: configuration, broker: resources.broker,
                store: PostgresJobStore(
                    pool: resources.pool, policy: RetryPolicy(pace: configuration.retryPace), log: log),
                leaseStore: PostgresJobStore(pool: PostgresPool(url: configuration.databaseURL, size: 1)),
                catalog: PostgresCatalog(pool: resources.pool), objects: resources.objects,
                registry: PostgresStoreRegistry(pool: resources.pool),
                handlers: program.handlers, log: log)
            let worker = JobWorker(parts)
            let services: [any Service] = [worker] + (try program.companions(parts, worker.relay))
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: services.map {
                        .init(
                            service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                            failureTerminationBehavior: .gracefullyShutdownGroup)
                    },
                    gracefulShutdownSignals: [.sigterm, .sigint], logger: log))
            try await group.run()
        } catch {
            WorkerLog.complain("columna-\(stage.rawValue): \(error)")
            exit(error is ConfigurationError ? 78 : 1)
        }
    }

    /// A worker takes its settings from the environment and no arguments; `--help` says so instead of starting one.
    private static func answerArguments(_ stage: Stage) {
        let arguments = CommandLine.arguments.dropFirst()
        guard let first = arguments.first else { return }
        let usage = """
            columna-\(stage.rawValue) \(CodeVersion.current): a worker of the stage \(stage.rawValue). It takes no arguments and reads COLUMNA_DATABASE_URL, \
            COLUMNA_BROKER_URL, COLUMNA_STORAGE and the other variables that the README lists. SIGTERM drains it.
            """
        guard arguments.count == 1, ["--help", "-h", "--version"].contains(first) else {
            WorkerLog.complain("columna-\(stage.rawValue): unexpected argument; a worker takes none. \(usage)")
            exit(64)
        }
        print(usage)
        exit(0)
    }

    private static func open(_ configuration: WorkerConfiguration, _ log: Logger) async throws -> WorkerResources {
        let broker = try BrokerURL(configuration.brokerURL, authorities: configuration.brokerAuthorities)
        let pool = PostgresPool(url: configuration.databaseURL, size: min(9, configuration.slots + 3))
        try await Startup.reachDatabase(pool, log: log)
        return WorkerResources(
            configuration: configuration, broker: broker, pool: pool, objects: FolderStore(root: configuration.storage),
            log: log)
    }
}
