package import JobEngine
package import Logging
package import Messaging
package import Persistence
package import Storage

/// What a worker process has opened before its handlers are made.
package struct WorkerResources: Sendable {
    package var configuration: WorkerConfiguration
    package var system: SystemResources
    /// Of the system's connections.
    package var schema: SchemaCheck
    package var broker: BrokerURL
    package var store: any JobStore
    package var relay: OutboxRelay
    package var objects: any ObjectStore
    package var log: Logger

    package var pool: PostgresPool { system.pool }
}
