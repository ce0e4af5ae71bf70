import Foundation
import JobEngine
import Messaging
import Studies
import Testing

extension RunningSystemTests {
    /// A training that was stopped goes on from its checkpoint, to the same weights.
    @Suite struct TrainingInterruptionTests {
        /// Long enough to be interrupted in its midst.
        private static let epochs = 60

        @Test func aDrainedTrainingResumesToTheWeightsOfAnUninterruptedOne() async throws {
            let system = try await RunningSystem.shared
            let job = try await start("drained")
            try await waitUntilUnderWay(job)
            try await system.stopWorker(.training)

            let handedBack = try #require(try await system.store.job(job))
            #expect(handedBack.state == .queued && handedBack.attempt == 0, "an interrupted attempt is not counted")
            let interrupted = try await system.store.attempts(of: job)
            #expect(interrupted.map(\.outcome) == ["interrupted"])
            #expect(try await checkpoints(of: job) == 1)

            try await system.startWorkers()
            let ended = try await system.endedJob(job)
            #expect(ended.state == .succeeded, "\(ended.failure?.description ?? "")")
            let attempts = try await system.store.attempts(of: job)
            #expect(attempts.map(\.outcome).sorted { ($0 ?? "") < ($1 ?? "") } == ["interrupted", "succeeded"])
            #expect(Set(attempts.map(\.worker)).count == 2, "by another process")
            let resumed = try system.logs().split(separator: "\n").filter {
                $0.contains(job.description) && $0.contains("resuming from a checkpoint")
            }
            #expect(resumed.count == 1, "from where it stood and not from the start")
            #expect(try await weights(of: job) == uninterrupted.value)
        }

        @Test func aPausedTrainingIsHandedBackAndResumesToTheSameWeights() async throws {
            let system = try await RunningSystem.shared
            let job = try await start("paused")
            try await waitUntilUnderWay(job)
            #expect(try await system.columna(["jobs", "pause", job.description]).status == 0)
            let paused = try await eventually("the training is handed back") {
                try await system.store.job(job).flatMap { $0.state == .waiting ? $0 : nil }
            }
            #expect(paused.isPaused && paused.attempt == 0)
            #expect(try await checkpoints(of: job) == 1)

            #expect(try await system.columna(["jobs", "resume", job.description]).status == 0)
            #expect(try await system.endedJob(job).state == .succeeded)
            #expect(try await weights(of: job) == uninterrupted.value)
        }

        @Test func aCancelledTrainingStopsAndLeavesNoModel() async throws {
            let system = try await RunningSystem.shared
            let job = try await start("cancelled")
            try await waitUntilUnderWay(job)
            #expect(try await system.columna(["jobs", "cancel", job.description]).status == 0)
            let ended = try await system.endedJob(job)
            #expect(ended.state == .cancelled)
            #expect(try await system.store.attempts(of: job).map(\.outcome) == ["cancelled"])
            #expect(try await system.outputs(of: job).isEmpty)
            #expect(try await system.catalog.modelVersion(name: "cancelled", version: 1) == nil)
        }

        /// The weights' address of the same training left alone; trained once.
        private var uninterrupted: Task<ContentAddress, any Error> { Self.reference }

        private static let reference = Task.detached {
            let system = try await RunningSystem.shared
            let tests = TrainingInterruptionTests()
            let job = try await tests.start("uninterrupted")
            guard try await system.endedJob(job).state == .succeeded else {
                throw Unexpected("the reference training failed")
            }
            guard try await system.store.attempts(of: job).count == 1 else {
                throw Unexpected("the reference training was interrupted")
            }
            return try await tests.weights(of: job)
        }

        private func start(_ model: String) async throws -> JobID {
            let system = try await RunningSystem.shared
            _ = try await TinyModel.planFile
            let parameters = TrainModel(
                model: ModelReference(name: model), dataSet: TinyModel.dataSet, planJSON: TinyModel.plan,
                recipeJSON: TinyModel.recipe(epochs: Self.epochs))
            let request = try JobRequest(parameters, tenant: "local", priority: .urgent)
            return try #require(try await system.store.enqueue([request]).first).id
        }

        /// Some steps are done, many are left.
        private func waitUntilUnderWay(_ job: JobID) async throws {
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

        private func weights(of job: JobID) async throws -> ContentAddress {
            let system = try await RunningSystem.shared
            return try #require(try await system.outputs(of: job).first { $0.role == ArtifactKind.weights.role })
                .address
        }

        private func checkpoints(of job: JobID) async throws -> Int {
            try await RunningSystem.shared.outputs(of: job).count { $0.role == ArtifactKind.checkpoint.role }
        }
    }
}
