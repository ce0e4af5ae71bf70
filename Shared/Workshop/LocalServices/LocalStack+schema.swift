import Faults
import Foundation
import Messaging
import Persistence
import Registry
import Storage
import Studies
import Synchronization
import Threads

extension LocalStack {
    /// Migrates the database, makes the storage folder its store, and declares the exchanges and queues; what is there
    /// already stays.
    func prepareSchema(_ environment: LocalEnvironment) throws(LocalServicesError) {
        let report = report
        try waitFor("migrate the database") {
            let settings = PostgresSettings(url: environment.databaseURL, applicationName: "columna local")
            let applied = try await Migrator(settings: settings, environment: ProcessInfo.processInfo.environment).up()
                .migrations
            if !applied.isEmpty { report("applied \(applied.count) migrations") }
        }
        try waitFor("make the storage folder the database's store") {
            var settings = PostgresSettings(url: environment.databaseURL, applicationName: "columna local")
            settings.schema = try SchemaCheck(environment: ProcessInfo.processInfo.environment, remark: report)
            let pool = PostgresPool(settings: settings, size: 1)
            let jobs = PostgresJobStore(pool: pool, bookkeeping: .studies)
            let adoption = StoreAdoption(
                store: StoreLocation.store(at: environment.storage), registry: PostgresStoreRegistry(pool: pool),
                actor: "columna local up")
            let outcome: StoreAdoption.Outcome
            do {
                try await jobs.declareKinds()
                outcome = try await adoption.perform()
            } catch {
                await pool.close()
                throw error
            }
            await pool.close()
            if case .known = outcome {} else { report(outcome.sentence) }
        }
        try waitFor("declare the queues") {
            let session = try await BrokerSession.connect(BrokerURL(environment.brokerURL), name: "columna local")
            do { try await Topology.standard.declare(on: session, intakeKeys: IntakeVerb.routingKeys) } catch {
                await session.close()
                throw error
            }
            await session.close()
        }
    }

    /// Runs asynchronous work to its end from this blocking thread, which is not one of Swift's pool.
    private func waitFor(_ what: String, _ work: @escaping @Sendable () async throws -> Void) throws(LocalServicesError)
    {
        do { try OwnThread.wait(for: work) } catch {
            throw LocalServicesError(.schemaFailed, "cannot \(what): \(error)")
        }
    }
}
