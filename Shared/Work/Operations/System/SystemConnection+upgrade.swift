import Faults
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

    /// Takes back the migrations above `version`, with their data.
    ///
    /// - Parameter despiteWorkers: though workers run. Each of them ends, unless it is of a program that works with that
    ///   version.
    /// - Throws: ``OperationError`` (`refused`) that names the workers heard of in the last two minutes.
    package func takeBack(to version: Int, of folder: MigrationFolder, despiteWorkers: Bool) async throws
        -> Migrator.Changes
    {
        let migrator = Migrator(settings: database, folder: folder)
        let workers = despiteWorkers ? [] : try await migrator.workers(heardOfWithin: Self.silence)
        guard workers.isEmpty else {
            await migrator.close()
            throw OperationError(
                .refused,
                "the database is in use by \(workers.joined(separator: ", ")): stop them (SIGTERM), or say "
                    + "--despite-workers if they work with version \(version); one that was killed counts for "
                    + "\(Int(Self.silence)) s")
        }
        let changes = try await migrator.down(to: version)
        await migrator.close()
        return changes
    }

    /// Heartbeats come every ten seconds; `columna workers` calls silent who was not heard of for longer than this.
    private static let silence = 120.0

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
