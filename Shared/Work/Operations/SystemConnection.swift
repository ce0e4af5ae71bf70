package import Foundation
package import JobEngine
package import Messaging
package import Persistence
import Registry
package import Site
package import Storage
package import Studies
import WorkerRuntime

/// The system that operations work on, for somebody who asks for them: a person at a terminal, or a request.
package struct SystemConnection: Sendable {
    package let database: PostgresSettings
    package let pool: PostgresPool
    package let store: any JobStore
    package let catalog: any Catalog
    /// Who decides, for the audit.
    package let actor: String
    package let environment: [String: String]
    /// Tells whoever asked what is no error and no result.
    let remark: @Sendable (String) -> Void
    private let name: String

    /// Connects lazily: nothing is reached before it is used.
    ///
    /// - Parameters:
    ///   - name: of the program, for the lists of connections that database and broker keep.
    ///   - remark: gets whole sentences, while an operation is under way.
    /// - Throws: `ConfigurationError` where `COLUMNA_DATABASE_URL` is missing or none.
    package init(
        environment: [String: String], name: String, actor: String, remark: @escaping @Sendable (String) -> Void
    ) throws {
        self.environment = environment
        self.name = name
        self.actor = actor
        self.remark = remark
        let url = try EnvironmentReader(environment).url(
            "COLUMNA_DATABASE_URL", schemes: ["postgresql", "postgres"], passwordFile: "COLUMNA_DATABASE_PASSWORD_FILE")
        database = PostgresSettings(url: url, applicationName: name)
        var checked = database
        // Without the migrations beside it a program cannot tell; a statement then fails in the database's own words.
        checked.schema = try? SchemaCheck(environment: environment) { remark($0) }
        pool = PostgresPool(settings: checked, size: 2)
        store = PostgresJobStore(pool: pool, bookkeeping: .studies)
        catalog = PostgresCatalog(pool: pool)
    }

    package var registry: any StoreRegistry { PostgresStoreRegistry(pool: pool) }

    // MARK: Surroundings

    /// The folders ingestion may read studies from; nil where a deployment's workers decide that.
    package var inputRoots: [URL]? {
        EnvironmentReader(environment).optionalText("COLUMNA_INPUT_ROOTS").map {
            $0.split(separator: ":").map { URL(filePath: String($0)) }
        }
    }

    /// Nil where `COLUMNA_SITE` names none here; ingestion may have one for all that.
    package func site() throws -> Site? {
        guard let path = environment["COLUMNA_SITE"], !path.isEmpty else { return nil }
        return try Site.read(URL(filePath: path))
    }

    // MARK: Storage

    private var storageFolder: URL {
        get throws {
            URL(
                filePath: try EnvironmentReader(environment).text(
                    "COLUMNA_STORAGE", expected: "the folder that all workers share"))
        }
    }

    /// The storage as it is named, whosever it is.
    package var storage: any ObjectStore { get throws { StoreLocation.store(at: try storageFolder) } }

    /// The storage, checked to be the database's: an unmounted folder would take what is written and lose it.
    package func objects() async throws -> any ObjectStore {
        let store = try storage
        guard let identity = try await registry.registeredStore() else { throw StorageError.noStoreYet }
        try await store.require(identity)
        return store
    }

    /// Where an artifact's bytes lie; nil when the storage is not reachable from here or does not have them.
    package func path(of address: String) -> String? {
        guard let address = ContentAddress(address) else { return nil }
        return (try? storage)?.localFile(address)?.path
    }

    // MARK: Broker

    package var broker: BrokerURL {
        get throws {
            let reader = EnvironmentReader(environment)
            let url = try reader.url(
                "COLUMNA_BROKER_URL", schemes: ["amqp", "amqps"], passwordFile: "COLUMNA_BROKER_PASSWORD_FILE")
            return try BrokerURL(url, authorities: reader.optionalText("COLUMNA_BROKER_CA"))
        }
    }

    /// Publishes one message, confirmed.
    package func publish(_ message: OutgoingMessage) async throws -> PublishResult {
        let publisher = try await Publisher.connect(try broker, name: "\(name) command")
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
