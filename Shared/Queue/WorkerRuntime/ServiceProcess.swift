import Faults
import FoundationEssentials
import Glibc
package import Logging
package import ServiceLifecycle
import UnixSignals

/// What the `@main` of a long-running service runs: answers its arguments, reads the environment, and runs what the
/// service is made of until SIGTERM or SIGINT.
package struct ServiceProcess: Sendable {
    /// Of the executable: `columna-inference`.
    package var name: String
    /// `a worker`.
    package var kind: String
    /// What it is for, where its settings stand and what ends it: the answer to `--help`.
    package var about: String

    package init(name: String, kind: String, about: String) {
        self.name = name
        self.kind = kind
        self.about = about
    }

    /// Returns when all services have ended; exits with 78 where the configuration is wrong, with 1 where the service
    /// cannot start or fails.
    ///
    /// - Parameters:
    ///   - requirements: of the machine, checked before anything else (the tensor core's instruction set).
    ///   - services: told to stop one after the other, the last first; when one ends, all are told.
    package func run<Configuration: ServiceConfiguration>(
        requirements: () throws -> Void = {},
        services: @Sendable (Configuration, Logger) async throws -> [any Service]
    ) async {
        if let answer = answer(to: CommandLine.arguments.dropFirst()) {
            if answer.status == 0 { print(answer.text) } else { WorkerLog.complain(answer.text) }
            exit(answer.status)
        }
        do {
            try requirements()
            let configuration = try Configuration(environment: ProcessInfo.processInfo.environment)
            let log = WorkerLog.logger(name, level: configuration.logLevel)
            try await serve(try await services(configuration, log), log)
        } catch {
            WorkerLog.complain("\(name): \(error)")
            exit((error as? any Fault)?.blame == .setting ? 78 : 1)
        }
    }

    /// A service takes its settings from the environment and no arguments; `--help` says so instead of starting one.
    /// Nil: there are none.
    package func answer(to arguments: some Collection<String>) -> (status: Int32, text: String)? {
        guard let first = arguments.first else { return nil }
        let usage = "\(name) \(CodeVersion.current): \(kind) \(about)"
        guard arguments.count == 1, ["--help", "-h", "--version"].contains(first) else {
            return (64, "\(name): unexpected argument; \(kind) takes none. \(usage)")
        }
        return (0, usage)
    }

    private func serve(_ services: [any Service], _ log: Logger) async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map {
                    .init(
                        service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: log))
        try await group.run()
    }
}

/// What a service reads from its environment, checked at start.
package protocol ServiceConfiguration: Sendable {
    /// - Throws: ``ConfigurationError``.
    init(environment: [String: String]) throws
    /// Of `COLUMNA_LOG_LEVEL`.
    var logLevel: String { get }
}
