import Foundation
import JobEngine
import Studies

extension JobStoreConformance {
    /// A job that failed for bad data.
    static func dead(_ store: ClockedStore, _ request: JobRequest = rehearsal()) async throws -> JobID {
        let claimed = try await running(store, request)
        _ = try await store.at(1).failJobIfRunning(claimed.record.id, token: claimed.token, failure: failure(.data))
        return claimed.record.id
    }

    /// A job of a kind that ends early when it is asked to.
    private static func finishable() -> JobRequest { JobRequest(kind: TrainModel.kind, tenant: "clinic") }

    static let operating: [ConformanceCheck] = [
        ConformanceCheck("cancelling ends what does not run, and asks what runs") { store in
            let queued = rehearsal()
            let waiting = rehearsal(runAt: time(1000))
            let claimed = try await running(store)
            _ = try await store.at(1).enqueue([queued, waiting])
            try expect(try await store.at(2).cancelJob(queued.id, actor: "operator"), equals: .cancelled)
            try expect(try await store.at(2).cancelJob(waiting.id, actor: "operator"), equals: .cancelled)
            try expect(try await store.at(2).cancelJob(claimed.record.id, actor: "operator"), equals: .running)
            try expect(try await record(store, claimed.record.id).cancellationRequested, equals: true)
            try expect(try await record(store, queued.id).finishedAt, equals: time(2))
        },
        ConformanceCheck("a paused job waits until it is resumed") { store in
            let request = rehearsal()
            _ = try await store.at(0).enqueue([request])
            try expect(try await store.at(1).pauseJob(request.id, actor: "operator"), equals: .waiting)
            _ = try await store.at(2).sweep()
            try expect(try await claim(store, at: 3).count, equals: 0)
            try expect(try await store.at(4).resumeJob(request.id, actor: "operator"), equals: .queued)
            try expect(try await claim(store, at: 5).count, equals: 1)
        },
        ConformanceCheck("a running job that was asked to pause is handed back to waiting") { store in
            let claimed = try await running(store)
            try expect(try await store.at(1).pauseJob(claimed.record.id, actor: "operator"), equals: .running)
            _ = try await store.at(2).handBackJobIfRunning(claimed.record.id, token: claimed.token)
            let job = try await record(store, claimed.record.id)
            try expect(job.state, equals: .waiting)
            try expect(job.isPaused, equals: true)
        },
        ConformanceCheck("a job that was asked to finish is told so at every renewal, by whoever runs it") { store in
            let claimed = try await running(store, finishable())
            let id = claimed.record.id
            try expect(try await store.at(1).finishJob(id, actor: "operator"), equals: .running)
            try expect(try await store.at(2).finishJob(id, actor: "operator"), equals: .running)
            let renewal = LeaseRenewal(job: id, token: claimed.token, progress: 0.5, progressNote: "")
            try expect(try await store.at(3).renewLeases([renewal], leaseInSeconds: 60)[id], equals: .finish)
            _ = try await store.at(4).handBackJobIfRunning(id, token: claimed.token)
            let again = try require(try await claim(store, at: 5, of: .training).first, "the job that was handed back")
            try expect(again.record.finishRequested, equals: true)
            _ = try await store.at(6).completeJobIfRunning(id, token: again.token, completion: Completion())
            try expect(try await state(store, id), equals: .succeeded)
        },
        ConformanceCheck("a paused job that is asked to finish runs again, to end") { store in
            let request = finishable()
            _ = try await store.at(0).enqueue([request])
            _ = try await store.at(1).pauseJob(request.id, actor: "operator")
            try expect(try await store.at(2).finishJob(request.id, actor: "operator"), equals: .queued)
            let job = try await record(store, request.id)
            try expect(job.isPaused, equals: false)
            try expect(job.finishRequested, equals: true)
        },
        ConformanceCheck("a job keeps the wish to finish through a pause and loses it when it is replayed") { store in
            let request = finishable()
            _ = try await store.at(0).enqueue([request])
            _ = try await store.at(1).finishJob(request.id, actor: "operator")
            _ = try await store.at(2).pauseJob(request.id, actor: "operator")
            _ = try await store.at(3).resumeJob(request.id, actor: "operator")
            try expect(try await record(store, request.id).finishRequested, equals: true)
            _ = try await store.at(4).cancelJob(request.id, actor: "operator")
            _ = try await store.at(5).replayJob(request.id, actor: "operator")
            try expect(try await record(store, request.id).finishRequested, equals: false)
        },
        ConformanceCheck("a job of a kind that cannot end early is not asked to") { store in
            let claimed = try await running(store)
            try expect(try await store.at(1).finishJob(claimed.record.id, actor: "operator"), equals: .running)
            try expect(try await record(store, claimed.record.id).finishRequested, equals: false)
        },
        ConformanceCheck("a replayed job begins anew under its key") { store in
            let id = try await dead(store, rehearsal(key: "k"))
            try expect(try await store.at(5).replayJob(id, actor: "operator"), equals: .queued)
            let job = try await record(store, id)
            try expect(job.attempt, equals: 0)
            try expect(job.finishedAt, equals: nil)
            try expect(job.deduplicationKey, equals: "k")
            try expect(try await store.at(6).enqueue([rehearsal(key: "k")]), equals: [.duplicate(of: id)])
            let again = try require(try await claim(store, at: 7).first, "the replayed job")
            try expect(
                try await store.at(8).completeJobIfRunning(id, token: again.token, completion: Completion()),
                equals: true)
        },
        ConformanceCheck("a discarded job is cancelled for good reason, and kept") { store in
            let id = try await dead(store)
            try expect(try await store.at(5).discardDeadJob(id, actor: "operator"), equals: .cancelled)
            try expect(try await record(store, id).failure, equals: failure(.data))
        },
        ConformanceCheck("commands that do not apply change nothing") { store in
            let claimed = try await running(store)
            let id = claimed.record.id
            _ = try await store.at(1).completeJobIfRunning(id, token: claimed.token, completion: Completion())
            _ = try await messages(store)
            for command in OperatorCommand.allCases {
                try expect(try await carryOut(command, on: id, store), equals: .succeeded)
            }
            try expect(try await messages(store).count, equals: 0)
        },
        ConformanceCheck("replaying a parent puts back the children that fell with it") { store in
            let parent = rehearsal()
            let child = rehearsal(parents: [parent.id])
            let grandchild = rehearsal(parents: [child.id])
            _ = try await store.at(0).enqueue([parent, child, grandchild])
            _ = try await store.at(1).cancelJob(parent.id, actor: "operator")
            try expect(try await store.at(2).sweep()?.cancelledJobs, equals: 2)
            try expect(try await state(store, grandchild.id), equals: .cancelled)
            _ = try await store.at(3).replayJob(parent.id, actor: "operator")
            try expect(try await state(store, child.id), equals: .waiting)
            try expect(try await state(store, grandchild.id), equals: .waiting)
        },
        ConformanceCheck("workers are known by their last heartbeat") { store in
            var worker = Worker(
                id: "evaluation-host-1-a", stage: .evaluation, host: "host", processID: 1, version: "1.2.3", slots: 2,
                busySlots: 0,
                state: .running)
            try await store.at(0).recordHeartbeat(worker)
            worker.busySlots = 2
            worker.state = .draining
            worker.clockSkewInSeconds = 300
            try await store.at(30).recordHeartbeat(worker)
            let record = WorkerRecord(worker: worker, startedAt: time(0), heartbeatAt: time(30), silenceInSeconds: 10)
            try expect(try await store.at(40).workers(heardOfWithin: 10), equals: [record])
            try expect(try await store.at(41).workers(heardOfWithin: 10), equals: [])
        },
    ]

    private static func carryOut(_ command: OperatorCommand, on id: JobID, _ store: ClockedStore) async throws
        -> JobState?
    {
        switch command {
        case .cancel: try await store.at(9).cancelJob(id, actor: "operator")
        case .pause: try await store.at(9).pauseJob(id, actor: "operator")
        case .resume: try await store.at(9).resumeJob(id, actor: "operator")
        case .replay: try await store.at(9).replayJob(id, actor: "operator")
        case .discard: try await store.at(9).discardDeadJob(id, actor: "operator")
        case .finish: try await store.at(9).finishJob(id, actor: "operator")
        }
    }
}
