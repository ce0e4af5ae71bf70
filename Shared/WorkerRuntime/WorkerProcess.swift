package import JobEngine
import Logging
import FoundationEssentials
import Glibc
import Messaging
import Persistence
package import ServiceLifecycle
import Storage
import UnixSignals

/// What the `@main` of each worker runs: reads the environment, connects, and serves until SIGTERM or SIGINT.
package enum WorkerProcess {
    /// - Parameters:
    ///   - handlers: one per job kind of the stage.
    ///   - requirements: of the machine, checked before anything else (the tensor core's instruction set).
    ///   - companions: further services of this process (the intake of `columna-ingestion`).
    package static func run(
        stage: Stage, handlers: [any JobHandler], requirements: () throws -> Void = {},
        companions: @Sendable (JobWorker.Parts, OutboxRelay) -> [any Service] = { _, _ in [] }
    ) async {
        answerArguments(stage)
        do {
            try requirements()
            let configuration = try WorkerConfiguration(environment: ProcessInfo.processInfo.environment)
            let log = WorkerLog.logger("columna-\(stage.rawValue)", level: configuration.logLevel)
            let parts = try await parts(stage: stage, configuration: configuration, handlers: handlers, log: log)
            let worker = JobWorker(parts)
            let services: [any Service] = [worker] + companions(parts, worker.relay)
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: services.map {
                        .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup, failureTerminationBehavior: .gracefullyShutdownGroup)
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

    private static func parts(
        stage: Stage, configuration: WorkerConfiguration, handlers: [any JobHandler], log: Logger
    ) async throws -> JobWorker.Parts {
        let broker = try BrokerURL(configuration.brokerURL, authorities: configuration.brokerAuthorities)
        let pool = PostgresPool(url: configuration.databaseURL, size: min(8, configuration.slots + 2))
        let leasePool = PostgresPool(url: configuration.databaseURL, size: 1)
        try await Startup.reachDatabase(pool, log: log)
        return JobWorker.Parts(
            stage: stage, configuration: configuration, broker: broker, store: PostgresJobStore(pool: pool), leaseStore: PostgresJobStore(pool: leasePool),
            catalog: PostgresCatalog(pool: pool), objects: try FolderStore(root: configuration.storage), handlers: handlers, log: log)
    }
}
