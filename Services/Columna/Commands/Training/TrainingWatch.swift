import Console
import Documents
import Foundation
import Glibc
import JobEngine
import Operations
import Studies

/// Shows a training while it goes on, and at its end what it made.
struct TrainingWatch {
    enum Look {
        /// On a terminal curves that are drawn again and again; elsewhere each epoch is a line.
        case curves
        /// A line of progress, epochs above it; at the end their table.
        case progress
    }

    private let id: JobID
    private let system: SystemConnection
    private let timeoutInSeconds: Double?
    private let output: OutputOptions
    private let look: Look

    init(_ id: JobID, in system: SystemConnection, timeoutInSeconds: Double?, output: OutputOptions, as look: Look) {
        self.id = id
        self.system = system
        self.timeoutInSeconds = timeoutInSeconds
        self.output = output
        self.look = look
    }

    /// - Throws: `OperationError` with exit code 1 when it did not succeed.
    func follow() async throws {
        let result =
            switch look {
            case .progress: try await followWithProgress()
            case .curves where output.json: try await followWithProgress()
            case .curves: try await ScreenBlock.isPossible ? drawCurves() : writeEpochs()
            }
        let detail = try await system.trainingDetail(id)
        output.show(detail.document) {
            if case .progress = look { print(JobDetail.table(result.epochs)) }
            TrainingPresentation.show(detail)
        }
    }

    /// Each epoch as a remark, for the result is a document or a table.
    private func followWithProgress() async throws -> TrainedModel {
        let follower = StudyFollower(system, timeoutInSeconds: timeoutInSeconds)
        return try await follower.follow(training: id) { follower.progress.note(TrainingPresentation.line($0)) }
    }

    private func writeEpochs() async throws -> TrainedModel {
        func write(_ epoch: EpochMetrics) {
            print(TrainingPresentation.line(epoch))
            fflush(nil)
        }
        return try await Follower(system, timeoutInSeconds: timeoutInSeconds).follow(training: id, epoch: write)
    }

    private func drawCurves() async throws -> TrainedModel {
        let block = ScreenBlock()
        var epochs: [EpochMetrics] = []
        let whole = try await system.training(id).epochs
        return try await Follower(system, timeoutInSeconds: timeoutInSeconds).follow(
            training: id, each: { block.draw(TrainingPresentation.curves($0, epochs, of: whole)) },
            epoch: { epochs.append($0) })
    }
}
