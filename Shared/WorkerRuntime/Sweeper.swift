import FoundationEssentials
import JobEngine
import Logging

/// Asks the store to sweep at intervals; the store lets one sweeper of all workers do it.
struct Sweeper: Sendable {
    let store: any JobStore
    let everySeconds: Double
    let log: Logger

    func run(swept: @Sendable () -> Void) async {
        while !Task.isCancelled {
            // Jitter keeps replicas from knocking at the same moment.
            try? await Task.sleep(for: .seconds(everySeconds * Double.random(in: 0.8...1.2)))
            if Task.isCancelled { return }
            do {
                guard let report = try await store.sweep(now: Date()), report != SweepReport() else { continue }
                log.info(
                    "swept",
                    metadata: ["expired": "\(report.expiredLeases)", "released": "\(report.releasedRetries)", "rerung": "\(report.rerungJobs)"])
                swept()
            } catch {
                log.warning("cannot sweep", metadata: ["error": "\(error)"])
            }
        }
    }
}
