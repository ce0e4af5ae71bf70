import Foundation
import JobEngine
import Messaging
import Studies
import Testing

/// Trainings of the tiny data set, long enough to be interrupted in their midst, all to the same weights.
enum TinyTraining {
    static let epochs = 60

    /// The weights' address of the training left alone; trained once.
    static var uninterrupted: ContentAddress {
        get async throws { try await reference.value }
    }

    private static let reference = Task.detached {
        let system = try await RunningSystem.shared
        let job = try await start("uninterrupted")
        guard try await system.endedJob(job).state == .succeeded else {
            throw Unexpected("the reference training failed")
        }
        guard try await system.store.attempts(of: job).count == 1 else {
            throw Unexpected("the reference training was interrupted")
        }
        return try await weights(of: job)
    }

    /// - Parameters:
    ///   - minutes: between checkpoints.
    ///   - change: of the order.
    static func start(
        _ model: String, minutesBetweenCheckpoints minutes: Double? = nil,
        _ change: (inout TrainModel) -> Void = { _ in }
    ) async throws -> JobID {
        let system = try await RunningSystem.shared
        _ = try await TinyModel.planFile
        var parameters = TrainModel(
            model: ModelReference(name: model), dataSet: TinyModel.dataSet, planJSON: TinyModel.plan,
            recipeJSON: TinyModel.recipe(epochs: epochs), minutesBetweenCheckpoints: minutes)
        change(&parameters)
        let request = try JobRequest(parameters, tenant: "local", priority: .urgent)
        return try #require(try await system.store.enqueue([request]).first).id
    }

    /// Some steps are done, many are left.
    static func waitUntilUnderWay(_ job: JobID) async throws {
        let system = try await RunningSystem.shared
        try await eventually("the training is under way") {
            let record = try await system.store.job(job)
            if record?.state.isTerminal == true {
                throw Unexpected("the training ended before it could be interrupted")
            }
            if let record, record.state == .running, record.progress > 0.02 { return true }
            // Makes the worker store its progress now instead of at its next renewal.
            if record?.state == .running { try await system.nudge(.resume, job) }
            return nil
        }
    }

    static func weights(of job: JobID) async throws -> ContentAddress {
        let system = try await RunningSystem.shared
        return try #require(try await system.outputs(of: job).first { $0.role == ArtifactKind.weights.role })
            .address
    }

    static func checkpoints(of job: JobID) async throws -> Int { try await checkpoints(of: job).count }

    /// Oldest first.
    static func checkpoints(of job: JobID) async throws -> [ArtifactReference] {
        try await RunningSystem.shared.outputs(of: job).filter { $0.role == ArtifactKind.checkpoint.role }
    }
}
