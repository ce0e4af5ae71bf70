import Messaging
package import Persistence
import Registry
package import Storage
import Studies

// What brings a system up to this version. All of it is harmless when repeated.

extension SystemConnection {
    /// Applies the migrations that are missing, makes views that differ, and tells the database the kinds of jobs.
    package func migrate() async throws -> Migrator.Changes {
        let migrator = try Migrator(settings: database, environment: environment)
        let changes = try await migrator.up()
        await migrator.close()
        try await PostgresJobStore(pool: pool, bookkeeping: .studies).declareKinds()
        return changes
    }

    /// Makes the storage the database's.
    ///
    /// - Parameter replacing: it takes the place of the one before; see `StoreAdoption`.
    package func adoptStorage(replacing: Bool = false) async throws -> StoreAdoption.Outcome {
        try await StoreAdoption(store: try storage, registry: registry, actor: actor).perform(replacing: replacing)
    }

    /// Declares the exchanges and queues.
    package func declareQueues() async throws {
        let session = try await BrokerSession.connect(try broker, name: database.applicationName)
        do { try await Topology.standard.declare(on: session, intakeKeys: IntakeVerb.routingKeys) } catch {
            await session.close()
            throw error
        }
        await session.close()
    }
}
