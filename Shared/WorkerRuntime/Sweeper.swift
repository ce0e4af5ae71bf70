package import FoundationEssentials
package import JobEngine
package import Logging

/// Asks the store to sweep at intervals; the store lets one sweeper of all workers do it.
package struct Sweeper: Sendable {
    private let store: any JobStore
    private let everySeconds: Double
    private let wallClock: @Sendable () -> Date
    private let log: Logger

    /// - Parameter wallClock: this host's; injected so that tests own it.
    package init(store: any JobStore, everySeconds: Double, log: Logger, wallClock: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.everySeconds = everySeconds
        self.wallClock = wallClock
        self.log = log
    }

    func run(swept: @Sendable () -> Void) async {
        while !Task.isCancelled {
            // Jitter keeps replicas from knocking at the same moment.
            try? await Task.sleep(for: .seconds(everySeconds * Double.random(in: 0.8...1.2)))
            if Task.isCancelled { return }
            do {
                guard let report = try await sweep(), report != SweepReport() else { continue }
                log.info(
                    "swept",
                    metadata: ["expired": "\(report.expiredLeases)", "released": "\(report.releasedRetries)", "rerung": "\(report.rerungJobs)"])
                swept()
            } catch {
                log.warning("cannot sweep", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Nil: another sweeper is at it, or this host's clock is so wrong that others had better do it.
    package func sweep() async throws -> SweepReport? {
        let skew = try await ClockSkew.measure(store, wallClock: wallClock)
        guard !skew.isTooLarge else {
            log.warning("not sweeping: this host's clock differs from the database's, mend its time server", metadata: ["clock_skew": "\(skew)"])
            return nil
        }
        return try await store.sweep()
    }
}
