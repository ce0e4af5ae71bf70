import Faults
import Foundation
import Operations
import Persistence
import Storage
import Threads

extension LocalStack {
    /// Migrates the database, makes the storage folder its store, and declares the exchanges and queues; what is there
    /// already stays.
    func prepareSchema(_ environment: LocalEnvironment) throws(LocalServicesError) {
        let report = report
        let variables = ProcessInfo.processInfo.environment.merging(environment.environmentVariables) { $1 }
        let system: SystemConnection
        do {
            system = try SystemConnection(
                environment: variables, name: "columna local", actor: "columna local up", remark: report)
        } catch {
            throw LocalServicesError(.schemaFailed, "cannot migrate the database: \(error)")
        }
        defer { try? OwnThread.wait { await system.pool.close() } }
        try waitFor("migrate the database") {
            let applied = try await system.migrate().migrations
            if !applied.isEmpty {
                report("applied \(applied.count == 1 ? "1 migration" : "\(applied.count) migrations")")
            }
        }
        try waitFor("make the storage folder the database's store") {
            let outcome = try await system.adoptStorage()
            if case .known = outcome {} else { report(outcome.sentence) }
        }
        try waitFor("declare the queues") { try await system.declareQueues() }
    }

    /// Runs asynchronous work to its end from this blocking thread, which is not one of Swift's pool.
    private func waitFor(_ what: String, _ work: @escaping @Sendable () async throws -> Void) throws(LocalServicesError)
    {
        do { try OwnThread.wait(for: work) } catch {
            throw LocalServicesError(.schemaFailed, "cannot \(what): \(error)")
        }
    }
}
