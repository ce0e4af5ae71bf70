import Faults
import FoundationEssentials
import JobEngine
import Logging
import Messaging
import Persistence

/// What a worker waits for before it serves.
enum Startup {
    /// Waits for a database that is not up yet, but not for one that has the wrong schema: that needs an operator.
    static func reachDatabase(_ pool: PostgresPool, log: Logger) async throws {
        var backoff = ReconnectBackoff(limit: .seconds(5))
        while true {
            do {
                try await pool.reach()
                return
            } catch let error as PostgresError where [.passing, .machine].contains(error.blame) {
                log.warning("waiting for the database", metadata: ["error": "\(error)"])
                try await Task.sleep(for: backoff.next())
            }
        }
    }
}
