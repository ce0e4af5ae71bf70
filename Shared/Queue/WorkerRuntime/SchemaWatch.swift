package import Persistence
import ServiceLifecycle

/// Ends a process whose schema was taken back under it: none of its statements can work, and only an operator can mend
/// that.
///
/// The other services are told to stop, as at SIGTERM; the process exits with 78 and the sentence of a worker that
/// starts on an older schema.
package struct SchemaWatch: Service {
    private let schema: SchemaCheck

    package init(schema: SchemaCheck) { self.schema = schema }

    /// - Throws: `PostgresError` (`schema-outdated`).
    package func run() async throws {
        try await cancelWhenGracefulShutdown { try await schema.waitUntilTakenBack() }
    }
}
