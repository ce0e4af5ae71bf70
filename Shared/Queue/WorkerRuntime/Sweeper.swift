package import FoundationEssentials
package import JobEngine
package import Logging

/// Asks the store to sweep at intervals; the store lets one worker of all do it, once a period.
package struct Sweeper: Sendable {
    private let store: any JobStore
    private let everySeconds: Double
    private let wallClock: @Sendable () -> Date
    private let log: Logger

    /// - Parameter wallClock: this host's; injected so that tests own it.
    package init(
        store: any JobStore, everySeconds: Double, log: Logger, wallClock: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        self.everySeconds = everySeconds
        self.wallClock = wallClock
        self.log = log
    }

    func run(swept: @Sendable () -> Void) async {
        while !Task.isCancelled {
            // Jitter keeps replicas from knocking at the same moment. Never early, when a lone worker's next sweep
            // would not be due yet.
            try? await Task.sleep(for: .seconds(everySeconds * Double.random(in: 1...1.2)))
            if Task.isCancelled { return }
            do {
                guard let report = try await sweep(), report != SweepReport() else { continue }
                for failure in report.failures {
                    log.error(
                        "a step of the sweep failed",
                        metadata: ["step": "\(failure.step.rawValue)", "error": "\(failure.reason)"])
                }
                log.info(
                    "swept",
                    metadata: [
                        "expired": "\(report.expiredLeases)", "released": "\(report.releasedRetries)",
                        "rerung": "\(report.rerungJobs)", "cancelled": "\(report.cancelledJobs)",
                    ])
                swept()
            } catch {
                log.warning("cannot sweep", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Periods that a sweep is overdue by before a worker whose clock is wrong carries it out: then the database's
    /// clock is the wrong one, and there is nobody better. It does no harm, since the statements read that clock only.
    private static let patienceInPeriods = 10.0

    /// Nil: not due, or this host's clock is so wrong that others had better do it, and they may still.
    package func sweep() async throws -> SweepReport? {
        let skew = try await ClockSkew.measure(store, wallClock: wallClock)
        guard skew.isTooLarge else { return try await store.sweep(everySeconds: everySeconds) }
        let report = try await store.sweep(
            everySeconds: everySeconds, overdueBySeconds: Self.patienceInPeriods * everySeconds)
        log.warning(
            report == nil
                ? "not sweeping: this host's clock differs from the database's, mend its time server"
                : "sweeping though this host's clock differs from the database's, since nobody else did: mend the time server of that host",
            metadata: ["clock_skew": "\(skew)"])
        return report
    }
}
