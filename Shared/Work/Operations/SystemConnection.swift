import Faults
package import Foundation
package import JobEngine
package import Messaging
package import Persistence
import Registry
package import Site
package import Storage
package import Studies
package import WorkerRuntime

/// The system that operations work on, for somebody who asks for them: a person at a terminal, or a request.
package struct SystemConnection: Sendable {
    private let resources: SystemResources
    package let store: any JobStore
    package let catalog: any Catalog
    /// Who decides, for the audit.
    package let actor: String
    /// Tells whoever asked what is no error and no result.
    let remark: @Sendable (String) -> Void

    /// For one of those who share what a program has opened.
    ///
    /// - Parameter remark: gets whole sentences, while an operation is under way.
    package init(_ resources: SystemResources, actor: String, remark: @escaping @Sendable (String) -> Void) {
        self.resources = resources
        self.actor = actor
        self.remark = remark
        store = PostgresJobStore(pool: resources.pool, bookkeeping: .studies)
        catalog = PostgresCatalog(pool: resources.pool)
    }

    /// For the only one who asks. Connects lazily: nothing is reached before it is used.
    ///
    /// - Parameter name: of the program, for the lists of connections that database and broker keep.
    /// - Throws: `ConfigurationError` where `COLUMNA_DATABASE_URL` is missing or none.
    package init(
        environment: [String: String], name: String, actor: String, remark: @escaping @Sendable (String) -> Void
    ) throws {
        // Without the migrations beside it a program cannot tell; a statement then fails in the database's own words.
        let schema = try? SchemaCheck(environment: environment) { remark($0) }
        let resources = try SystemResources(
            SystemSettings(environment: environment), name: name, connections: 2, schema: schema)
        self.init(resources, actor: actor, remark: remark)
    }

    // MARK: What the program has opened

    package var database: PostgresSettings { resources.database }
    package var pool: PostgresPool { resources.pool }
    package var registry: any StoreRegistry { resources.registry }
    package var broker: BrokerURL { get throws { try resources.broker } }
    package var environment: [String: String] { resources.settings.environment }

    /// The storage as it is named, whosever it is.
    package var storage: any ObjectStore { get throws { try resources.storage } }

    /// The storage, checked to be the database's: an unmounted folder would take what is written and lose it.
    package func objects() async throws -> any ObjectStore { try await resources.checkedStorage() }

    /// The folders ingestion may read studies from; nil where a deployment's workers decide that.
    package var inputRoots: [URL]? { resources.settings.inputRoots }

    /// Nil where `COLUMNA_SITE` names none here; ingestion may have one for all that.
    package func site() throws -> Site? { try resources.settings.siteFile.map(Site.read) }

    /// Where an artifact's bytes lie; nil when the storage is not reachable from here or does not have them.
    package func path(of address: ContentAddress) -> String? { (try? storage)?.localFile(address)?.path }

    // MARK: Messages

    /// Publishes one message, confirmed.
    package func publish(_ message: OutgoingMessage) async throws -> PublishResult {
        let publisher = try await Publisher.connect(try broker, name: "\(database.applicationName) command")
        let results = try await publisher.publish([message])
        await publisher.close()
        return results[0]
    }

    /// Publishes to the intake; anything but its confirmation is an error that says what to do.
    package func publishToIntake(_ message: OutgoingMessage, messageID: String) async throws {
        switch try await publish(message) {
        case .confirmed: break
        case .returned(let reason):
            throw OperationError(
                .unavailable, "no queue takes studies (\(reason)): run `columna migrate` to declare the topology")
        case .unanswered:
            throw OperationError(
                .unavailable, "the broker did not confirm the message: publish it again; it was \(messageID)")
        case .rejected:
            throw OperationError(
                .unavailable, "the intake queue is full: try again later; the message was \(messageID)")
        }
    }

    /// Makes the workers look at once. A decision stands in the database already, so a broker that is away only delays
    /// it.
    package func tellWorkers(_ action: ControlMessage.Action, _ target: ControlMessage.Target) async {
        do {
            _ = try await publish(try ControlMessage(action, target).message())
        } catch {
            remark("recorded, but the workers could not be told at once (\(error)); they see it at their next renewal")
        }
    }
}
