/// How long a job of a kind may wait, run, and run without progress. PostgreSQL keeps the same in
/// `columna.kind_limits`, where operators change them: what is declared is what a database begins with.
package struct KindLimits: Sendable, Equatable {
    package var waitingInSeconds: Double
    package var runningInSeconds: Double
    package var noProgressInSeconds: Double

    package init(
        waitingInSeconds: Double = 30 * 24 * 3600, runningInSeconds: Double = 30 * 24 * 3600,
        noProgressInSeconds: Double = 12 * 3600
    ) {
        self.waitingInSeconds = waitingInSeconds
        self.runningInSeconds = runningInSeconds
        self.noProgressInSeconds = noProgressInSeconds
    }

    /// In hours; a job waits for a month at most.
    package static func hours(running: Double, noProgress: Double = 1) -> KindLimits {
        KindLimits(runningInSeconds: running * 3600, noProgressInSeconds: noProgress * 3600)
    }
}
