import Foundation

/// What the kill test found.
struct ChaosReport: Sendable {
    var jobs = 0
    /// Jobs that did not succeed, or succeeded without their effect.
    var lost: [String] = []
    var duplicateEffects = 0
    /// Attempts that the sweeper ended as crashed: how often a kill hit a job.
    var crashedAttempts = 0
    /// Jobs that died after three crashes in a row and were replayed, as an operator would.
    var poisoned = 0
    /// Jobs in the hands of a worker that was frozen for longer than its lease, and how many of those attempts
    /// succeeded all the same.
    var frozenJobs = 0
    var staleSuccesses = 0
    var disturbances = Disturbances()
    /// From the last disturbance until every job had ended.
    var recoveryInSeconds = 0.0

    /// How often what was disturbed.
    struct Disturbances: Sendable {
        var kills = 0
        var brokerKills = 0
        var databaseKills = 0
        var purges = 0
        var purgedMessages = 0
    }

    var jobsLost: Int { lost.count }

    var line: String {
        "jobs=\(jobs) jobs_lost=\(jobsLost) duplicate_effects=\(duplicateEffects) kills=\(disturbances.kills) "
            + "broker_kills=\(disturbances.brokerKills) database_kills=\(disturbances.databaseKills) purges=\(disturbances.purges) "
            + "purged_messages=\(disturbances.purgedMessages) frozen_jobs=\(frozenJobs) crashed_attempts=\(crashedAttempts) poisoned=\(poisoned) "
            + "recovery_seconds=" + String(format: "%.1f", recoveryInSeconds)
    }
}
