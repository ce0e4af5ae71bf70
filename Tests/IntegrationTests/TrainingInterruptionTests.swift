import Foundation
import JobEngine
import Messaging
import Studies
import Testing

extension RunningSystemTests {
    /// A training that was stopped goes on from its checkpoint, to the same weights.
    @Suite struct TrainingInterruptionTests {
        @Test func aDrainedTrainingResumesToTheWeightsOfAnUninterruptedOne() async throws {
            let system = try await RunningSystem.shared
            let job = try await TinyTraining.start("drained")
            try await TinyTraining.waitUntilUnderWay(job)
            try await system.stopWorker(.training)

            let handedBack = try #require(try await system.store.job(job))
            #expect(handedBack.state == .queued && handedBack.attempt == 0, "an interrupted attempt is not counted")
            let interrupted = try await system.store.attempts(of: job)
            #expect(interrupted.map(\.outcome) == ["interrupted"])
            #expect(try await TinyTraining.checkpoints(of: job) == 1)

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
            #expect(try await TinyTraining.weights(of: job) == TinyTraining.uninterrupted)
        }

        @Test func aPausedTrainingIsHandedBackAndResumesToTheSameWeights() async throws {
            let system = try await RunningSystem.shared
            let job = try await TinyTraining.start("paused")
            try await TinyTraining.waitUntilUnderWay(job)
            #expect(try await system.columna(["jobs", "pause", job.description]).status == 0)
            let paused = try await eventually("the training is handed back") {
                try await system.store.job(job).flatMap { $0.state == .waiting ? $0 : nil }
            }
            #expect(paused.isPaused && paused.attempt == 0)
            #expect(try await TinyTraining.checkpoints(of: job) == 1)

            #expect(try await system.columna(["jobs", "resume", job.description]).status == 0)
            #expect(try await system.endedJob(job).state == .succeeded)
            #expect(try await TinyTraining.weights(of: job) == TinyTraining.uninterrupted)
        }

        @Test func aCancelledTrainingStopsAndLeavesNoModel() async throws {
            let system = try await RunningSystem.shared
            let job = try await TinyTraining.start("cancelled")
            try await TinyTraining.waitUntilUnderWay(job)
            #expect(try await system.columna(["jobs", "cancel", job.description]).status == 0)
            let ended = try await system.endedJob(job)
            #expect(ended.state == .cancelled)
            #expect(try await system.store.attempts(of: job).map(\.outcome) == ["cancelled"])
            #expect(try await system.outputs(of: job).isEmpty)
            #expect(try await system.catalog.modelVersion(name: "cancelled", version: 1) == nil)
        }
    }
}
