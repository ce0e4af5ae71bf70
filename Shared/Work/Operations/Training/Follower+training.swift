package import JobEngine
package import Studies

extension Follower {
    /// Follows a training to its end.
    ///
    /// - Parameters:
    ///   - each: gets the job, at its end too.
    ///   - epoch: gets each epoch once, soon after it has ended.
    /// - Throws: `OperationError` (`refused`) with the job's reason unless it succeeded.
    package func follow(
        training id: JobID, each: (JobRecord) -> Void = { _ in }, epoch: (EpochMetrics) -> Void = { _ in }
    ) async throws -> TrainedModel {
        var told = 0
        let job = try await follow(job: id) { job in
            for one in try await system.catalog.epochs(of: id) where one.epoch > told {
                told = one.epoch
                epoch(one)
            }
            each(job)
        }
        try requireSucceeded(job, "training")
        return try await TrainedModel(of: job, in: system)
    }
}
