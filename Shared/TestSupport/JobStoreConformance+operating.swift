import Foundation
import JobEngine

extension JobStoreConformance {
    /// A job that failed for bad data.
    static func dead(_ store: any JobStore, _ request: JobRequest = rehearsal()) async throws -> JobID {
        let claimed = try await running(store, request)
        _ = try await store.failJobIfRunning(claimed.record.id, token: claimed.token, failure: failure(.data), now: time(1))
        return claimed.record.id
    }

    static let operating: [ConformanceCheck] = [
        ConformanceCheck("cancelling ends what does not run, and asks what runs") { store in
            let queued = rehearsal()
            let waiting = rehearsal(runAt: time(1000))
            let claimed = try await running(store)
            _ = try await store.enqueue([queued, waiting], now: time(1))
            try expect(try await store.cancelJob(queued.id, actor: "operator", now: time(2)), equals: .cancelled)
            try expect(try await store.cancelJob(waiting.id, actor: "operator", now: time(2)), equals: .cancelled)
            try expect(try await store.cancelJob(claimed.record.id, actor: "operator", now: time(2)), equals: .running)
            try expect(try await record(store, claimed.record.id).cancellationRequested, equals: true)
            try expect(try await record(store, queued.id).finishedAt, equals: time(2))
        },
        ConformanceCheck("a paused job waits until it is resumed") { store in
            let request = rehearsal()
            _ = try await store.enqueue([request], now: time(0))
            try expect(try await store.pauseJob(request.id, actor: "operator", now: time(1)), equals: .waiting)
            _ = try await store.sweep(now: time(2))
            try expect(try await claim(store, at: 3).count, equals: 0)
            try expect(try await store.resumeJob(request.id, actor: "operator", now: time(4)), equals: .queued)
            try expect(try await claim(store, at: 5).count, equals: 1)
        },
        ConformanceCheck("a running job that was asked to pause is handed back to waiting") { store in
            let claimed = try await running(store)
            try expect(try await store.pauseJob(claimed.record.id, actor: "operator", now: time(1)), equals: .running)
            _ = try await store.handBackJobIfRunning(claimed.record.id, token: claimed.token, now: time(2))
            let job = try await record(store, claimed.record.id)
            try expect(job.state, equals: .waiting)
            try expect(job.isPaused, equals: true)
        },
        ConformanceCheck("a replayed job begins anew under its key") { store in
            let id = try await dead(store, rehearsal(key: "k"))
            try expect(try await store.replayJob(id, actor: "operator", now: time(5)), equals: .queued)
            let job = try await record(store, id)
            try expect(job.attempt, equals: 0)
            try expect(job.finishedAt, equals: nil)
            try expect(job.deduplicationKey, equals: "k")
            try expect(try await store.enqueue([rehearsal(key: "k")], now: time(6)), equals: [.duplicate(of: id)])
            let again = try require(try await claim(store, at: 7).first, "the replayed job")
            try expect(
                try await store.completeJobIfRunning(id, token: again.token, completion: Completion(), now: time(8)), equals: true)
        },
        ConformanceCheck("a discarded job is cancelled for good reason, and kept") { store in
            let id = try await dead(store)
            try expect(try await store.discardDeadJob(id, actor: "operator", now: time(5)), equals: .cancelled)
            try expect(try await record(store, id).failure, equals: failure(.data))
        },
        ConformanceCheck("commands that do not apply change nothing") { store in
            let claimed = try await running(store)
            let id = claimed.record.id
            _ = try await store.completeJobIfRunning(id, token: claimed.token, completion: Completion(), now: time(1))
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
            _ = try await store.enqueue([parent, child, grandchild], now: time(0))
            _ = try await store.cancelJob(parent.id, actor: "operator", now: time(1))
            try expect(try await store.sweep(now: time(2))?.cancelledJobs, equals: 2)
            try expect(try await state(store, grandchild.id), equals: .cancelled)
            _ = try await store.replayJob(parent.id, actor: "operator", now: time(3))
            try expect(try await state(store, child.id), equals: .waiting)
            try expect(try await state(store, grandchild.id), equals: .waiting)
        },
        ConformanceCheck("workers are known by their last heartbeat") { store in
            var worker = Worker(
                id: "evaluation-host-1-a", stage: .evaluation, host: "host", processID: 1, version: "1.2.3", slots: 2, busySlots: 0,
                state: .running, startedAt: time(0), heartbeatAt: time(0))
            try await store.recordHeartbeat(worker)
            worker.busySlots = 2
            worker.state = .draining
            worker.heartbeatAt = time(30)
            try await store.recordHeartbeat(worker)
            try expect(try await store.workers(since: time(10)), equals: [worker])
            try expect(try await store.workers(since: time(31)), equals: [])
        },
    ]

    private static func carryOut(_ command: OperatorCommand, on id: JobID, _ store: any JobStore) async throws -> JobState? {
        switch command {
        case .cancel: try await store.cancelJob(id, actor: "operator", now: time(9))
        case .pause: try await store.pauseJob(id, actor: "operator", now: time(9))
        case .resume: try await store.resumeJob(id, actor: "operator", now: time(9))
        case .replay: try await store.replayJob(id, actor: "operator", now: time(9))
        case .discard: try await store.discardDeadJob(id, actor: "operator", now: time(9))
        }
    }
}
