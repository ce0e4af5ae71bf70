/// What a sweep does, in this order; each step stands by itself.
package enum SweepStep: String, Sendable, CaseIterable {
    case expireLeases = "expire-leases"
    case cancelOverlongWaits = "cancel-overlong-waits"
    case cancelOrphans = "cancel-orphans"
    case releaseDueJobs = "release-due-jobs"
    case ringAgain = "ring-again"
}

package struct SweepReport: Sendable, Equatable {
    package var expiredLeases: Int
    package var releasedRetries: Int
    package var rerungJobs: Int
    /// Waiting jobs whose parent ended without success, or that waited longer than their kind may.
    package var cancelledJobs: Int
    /// Steps that could not be carried out, or not for all jobs; the others were.
    package var failures: [SweepFailure]

    package init(
        expiredLeases: Int = 0, releasedRetries: Int = 0, rerungJobs: Int = 0, cancelledJobs: Int = 0,
        failures: [SweepFailure] = []
    ) {
        self.cancelledJobs = cancelledJobs
        self.expiredLeases = expiredLeases
        self.failures = failures
        self.releasedRetries = releasedRetries
        self.rerungJobs = rerungJobs
    }
}

package struct SweepFailure: Sendable, Equatable {
    package var step: SweepStep
    /// Free of bound values.
    package var reason: String

    package init(_ step: SweepStep, _ reason: String) {
        self.step = step
        self.reason = reason
    }
}
