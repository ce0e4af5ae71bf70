import Foundation
import Glibc
import JobEngine
import LocalServices
import Messaging
import Persistence
import Site
import Storage
import Studies
import WorkerRuntime

/// The system a command talks to: the one `COLUMNA_DATABASE_URL`, `COLUMNA_BROKER_URL` and `COLUMNA_STORAGE` name, else
/// the local stack of the current folder (`.columna`).
struct SystemConnection: Sendable {
    let database: PostgresSettings
    let pool: PostgresPool
    let store: any JobStore
    let catalog: any Catalog
    /// Who decides, for the audit: `user@host`.
    let actor: String
    /// The process's own, completed by the local stack's.
    let environment: [String: String]

    /// Connects lazily: nothing is reached before it is used.
    init(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        self.environment = try Self.completed(environment)
        let reader = EnvironmentReader(self.environment)
        let url = try reader.url(
            "COLUMNA_DATABASE_URL", schemes: ["postgresql", "postgres"], passwordFile: "COLUMNA_DATABASE_PASSWORD_FILE")
        database = PostgresSettings(url: url, applicationName: "columna")
        var checked = database
        // Without the migrations beside it a program cannot tell; a statement then fails in the database's own words.
        checked.schema = try? SchemaCheck(environment: self.environment) { remark("columna: \($0)") }
        pool = PostgresPool(settings: checked, size: 2)
        store = PostgresJobStore(pool: pool)
        catalog = PostgresCatalog(pool: pool)
        actor = Self.actor(environment)
    }

    /// Fills in what the environment lacks from the local stack, if there is one here.
    private static func completed(_ environment: [String: String]) throws -> [String: String] {
        let names = ["COLUMNA_DATABASE_URL", "COLUMNA_BROKER_URL", "COLUMNA_STORAGE"]
        guard names.contains(where: { (environment[$0] ?? "").isEmpty }) else { return environment }
        guard let local = try localStack() else {
            // One that is set names a deployment: whatever else is needed is asked for by name.
            guard (environment["COLUMNA_DATABASE_URL"] ?? "").isEmpty else { return environment }
            throw CommandFailure(
                .unavailable,
                "no system to talk to: COLUMNA_DATABASE_URL is not set and there is no local stack in ./.columna; "
                    + "run `columna local up` here, or set COLUMNA_DATABASE_URL, COLUMNA_BROKER_URL and COLUMNA_STORAGE"
            )
        }
        return environment.merging(local.environmentVariables) { own, local in own.isEmpty ? local : own }
    }

    /// Nil: there is none in the current folder.
    private static func localStack() throws -> LocalEnvironment? {
        do {
            return try LocalEnvironment.load(URL(filePath: ".columna", directoryHint: .isDirectory))
        } catch {
            // Not a `where` clause: Swift 6.3 crashes on one over a typed error.
            if error.code == .notRunning { return nil }
            throw error
        }
    }

    /// Whether what the variable names came from the current folder's stack, and that does not run.
    static func usesStoppedLocalStack(
        for variable: String, _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Bool {
        guard (environment[variable] ?? "").isEmpty else { return false }
        let status = try? LocalStack(directory: URL(filePath: ".columna", directoryHint: .isDirectory)).status()
        return status.map { !$0.isRunning } ?? false
    }

    private static func actor(_ environment: [String: String]) -> String {
        let user =
            getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? environment["USER"] ?? "uid-\(getuid())"
        return "\(user)@\(ProcessInfo.processInfo.hostName)"
    }

    /// The version that a reference means.
    ///
    /// - Throws: `CommandFailure` (`failed`) in the catalog's words where there is none.
    func model(_ reference: ModelReference) async throws -> ModelVersion {
        do { return try await catalog.version(reference) } catch let failure as JobFailure {
            throw CommandFailure(.failed, failure.reason)
        }
    }

    // MARK: Broker and storage

    var broker: BrokerURL {
        get throws {
            let reader = EnvironmentReader(environment)
            let url = try reader.url(
                "COLUMNA_BROKER_URL", schemes: ["amqp", "amqps"], passwordFile: "COLUMNA_BROKER_PASSWORD_FILE")
            return try BrokerURL(url, authorities: reader.optionalText("COLUMNA_BROKER_CA"))
        }
    }

    private var storageFolder: URL {
        get throws {
            URL(
                filePath: try EnvironmentReader(environment).text(
                    "COLUMNA_STORAGE", expected: "the folder that all workers share"))
        }
    }

    /// The folders ingestion may read studies from; nil where a deployment's workers decide that.
    var inputRoots: [URL]? {
        EnvironmentReader(environment).optionalText("COLUMNA_INPUT_ROOTS").map {
            $0.split(separator: ":").map { URL(filePath: String($0)) }
        }
    }

    /// Nil where `COLUMNA_SITE` names none here; ingestion may have one for all that.
    func site() throws -> Site? {
        guard let path = environment["COLUMNA_SITE"], !path.isEmpty else { return nil }
        return try Site.read(URL(filePath: path))
    }

    /// The storage as it is named, whosever it is.
    var storage: any ObjectStore { get throws { StoreLocation.store(at: try storageFolder) } }

    /// The storage, checked to be the database's: an unmounted folder would take what is written and lose it.
    func objects() async throws -> any ObjectStore {
        let store = try storage
        guard let identity = try await registry.registeredStore() else { throw StorageError.noStoreYet }
        try await store.require(identity)
        return store
    }

    /// What to do where a tenant has no cases of a data set. Operators see all tenants.
    func remedyForMissing(dataSet: String, tenant: String) async throws -> String {
        let others = try await catalog.dataSets(tenant: nil).filter { $0.name == dataSet && $0.tenant != tenant }.map(
            \.tenant)
        switch others.count {
        case 0: return "see `columna dataset list`"
        case 1: return "tenant \(others[0]) has one of that name, say --tenant \(others[0])"
        default:
            return "tenants \(others.joined(separator: ", ")) have one of that name, say --tenant with whose is meant"
        }
    }

    var registry: any StoreRegistry { PostgresStoreRegistry(pool: pool) }

    /// Where an artifact's bytes lie; nil when the storage is not reachable from here or does not have them.
    func path(of address: String) -> String? {
        guard let address = ContentAddress(address) else { return nil }
        return (try? storage)?.localFile(address)?.path
    }

    /// Publishes one message, confirmed.
    func publish(_ message: OutgoingMessage) async throws -> PublishResult {
        let publisher = try await Publisher.connect(try broker, name: "columna command")
        let results = try await publisher.publish([message])
        await publisher.close()
        return results[0]
    }

    /// Publishes to the intake; anything but its confirmation is an error that says what to do.
    func publishToIntake(_ message: OutgoingMessage, messageID: String) async throws {
        switch try await publish(message) {
        case .confirmed: break
        case .returned(let reason):
            throw CommandFailure(
                .unavailable, "no queue takes studies (\(reason)): run `columna migrate` to declare the topology")
        case .unanswered:
            throw CommandFailure(
                .unavailable, "the broker did not confirm the message: publish it again; it was \(messageID)")
        case .rejected:
            throw CommandFailure(
                .unavailable, "the intake queue is full: try again later; the message was \(messageID)")
        }
    }

    /// Makes the workers look at once. A decision stands in the database already, so a broker that is away only delays
    /// it.
    func tellWorkers(_ action: ControlMessage.Action, _ target: ControlMessage.Target) async {
        do {
            _ = try await publish(try ControlMessage(action, target).message())
        } catch {
            remark(
                "columna: recorded, but the workers could not be told at once (\(error)); they see it at their next renewal"
            )
        }
    }
}
