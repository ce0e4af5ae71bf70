package import Messaging
package import JobEngine
package import Persistence
package import Storage

/// A system's database, broker and storage, as a program of it has them. Nothing is reached before it is used.
package struct SystemResources: Sendable {
    package let settings: SystemSettings
    /// How to reach the database, whatever schema it has: for who migrates it.
    package let database: PostgresSettings
    /// Refused by a database whose schema will not do.
    package let pool: PostgresPool

    /// - Parameters:
    ///   - name: of the program, for the lists of connections that database and broker keep.
    ///   - connections: to the database, at most.
    ///   - schema: nil: the program cannot tell which it needs.
    /// - Throws: `ConfigurationError` where `COLUMNA_DATABASE_URL` is missing or none.
    package init(
        _ settings: SystemSettings, name: String = "columna", connections: Int, schema: SchemaCheck?
    ) throws {
        self.settings = settings
        database = PostgresSettings(url: try settings.databaseURL, applicationName: name)
        var checked = database
        checked.schema = schema
        pool = PostgresPool(settings: checked, size: connections)
    }

    package var broker: BrokerURL { get throws { try settings.broker } }

    /// The storage as it is named, whosever it is.
    package var storage: any ObjectStore { get throws { StoreLocation.store(at: try settings.storage) } }

    package var registry: any StoreRegistry { PostgresStoreRegistry(pool: pool) }

    /// The storage, checked to be the database's: an unmounted folder would take what is written and lose it.
    package func checkedStorage() async throws -> any ObjectStore {
        let store = try storage
        guard let identity = try await registry.registeredStore() else { throw StorageError.noStoreYet }
        try await store.require(identity)
        return store
    }
}
