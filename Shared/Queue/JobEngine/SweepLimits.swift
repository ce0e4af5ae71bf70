/// How the sweeper rings jobs that nobody took.
package enum SweepLimits {
    /// A queued job is rung again when its last wake-up is older.
    package static let silenceInSeconds = 15.0
    /// Only the head of each stage's queue is rung: a wake-up means "take the best", not "take this one".
    package static let rungJobsPerStage = 100
}
