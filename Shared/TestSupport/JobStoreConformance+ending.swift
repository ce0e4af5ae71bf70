import Foundation
import JobEngine

extension JobStoreConformance {
    static func failure(_ failureClass: JobFailure.Class) -> JobFailure {
        JobFailure(class: failureClass, code: "rehearsed", reason: "the rehearsal fails as its parameters say")
    }

    static let ending: [ConformanceCheck] = [
        ConformanceCheck("a completed job has succeeded, and its lease is over") { store in
            let claimed = try await running(store)
            let id = claimed.record.id
            try expect(
                try await store.completeJobIfRunning(id, token: claimed.token, completion: Completion(summary: "done"), now: time(9)),
                equals: true)
            let job = try await record(store, id)
            try expect(job.state, equals: .succeeded)
            try expect(job.finishedAt, equals: time(9))
            try expect(job.progress, equals: 1)
            try expect(job.progressNote, equals: "done")
            try expect(job.token, equals: nil)
            try expect(job.worker, equals: nil)
            let attempt = try require(try await store.attempts(of: id).first, "an attempt")
            try expect(attempt.outcome, equals: "succeeded")
            try expect(attempt.endedAt, equals: time(9))
        },
        ConformanceCheck("a stale token changes nothing and leaves nothing") { store in
            let claimed = try await running(store)
            let id = claimed.record.id
            let stale = claimed.token - 1
            let child = rehearsal(parents: [id])
            let completion = Completion(outputs: [artifact("label-map")], facts: [.rehearsed], children: [child])
            _ = try await messages(store)
            try expect(try await store.completeJobIfRunning(id, token: stale, completion: completion, now: time(1)), equals: false)
            try expect(try await store.failJobIfRunning(id, token: stale, failure: failure(.data), now: time(1)), equals: nil)
            try expect(try await store.handBackJobIfRunning(id, token: stale, now: time(1)), equals: false)
            try expect(try await store.cancelJobIfRunning(id, token: stale, now: time(1)), equals: false)
            let isHeld = try await store.recordWhileRunning(
                id, token: stale, checkpoints: [artifact(Role.checkpoint)], facts: [], now: time(1))
            try expect(isHeld, equals: false)
            try expect(try await record(store, id), equals: claimed.record)
            try expect(try await store.artifacts(of: id).count, equals: 0)
            try expect(try await store.job(child.id), equals: nil)
            try expect(try await messages(store).count, equals: 0)
        },
        ConformanceCheck("a job ends once") { store in
            let claimed = try await running(store)
            let id = claimed.record.id
            _ = try await store.completeJobIfRunning(id, token: claimed.token, completion: Completion(), now: time(1))
            try expect(
                try await store.completeJobIfRunning(id, token: claimed.token, completion: Completion(), now: time(2)), equals: false)
            try expect(try await store.failJobIfRunning(id, token: claimed.token, failure: failure(.defect), now: time(2)), equals: nil)
        },
        ConformanceCheck("bad data makes a job dead at once, with its reason and its input") { store in
            var request = rehearsal()
            request.inputs = [artifact("volume")]
            let claimed = try await running(store, request)
            let end = try await store.failJobIfRunning(request.id, token: claimed.token, failure: failure(.data), now: time(3))
            try expect(end, equals: .dead)
            let job = try await record(store, request.id)
            try expect(job.failure, equals: failure(.data))
            try expect(job.finishedAt, equals: time(3))
            try expect(try await store.artifacts(of: request.id).count, equals: 1)
            try expect(try await store.attempts(of: request.id).first?.failure, equals: failure(.data))
        },
        ConformanceCheck("a defect is tried three times, each later than the one before") { store in
            let request = rehearsal()
            _ = try await store.enqueue([request], now: time(0))
            for attempt in 1...3 {
                let begin = Double(attempt) * 1000
                _ = try await store.sweep(now: time(begin))
                let claimed = try require(try await claim(store, at: begin).first, "attempt \(attempt)")
                let end = try await store.failJobIfRunning(request.id, token: claimed.token, failure: failure(.defect), now: time(begin))
                try expect(end, equals: attempt < 3 ? .waiting : .dead)
                if attempt < 3 {
                    let delay = exp2(Double(attempt - 1)) * chance
                    try expect(try await record(store, request.id).runAt, equals: time(begin + delay))
                }
            }
            try expect(try await record(store, request.id).attempt, equals: 3)
        },
        ConformanceCheck("a night without a database does not use up the tries of a defect") { store in
            let request = rehearsal()
            _ = try await store.enqueue([request], now: time(0))
            for attempt in 1...5 {
                let begin = Double(attempt) * 1000
                _ = try await store.sweep(now: time(begin))
                let claimed = try require(try await claim(store, at: begin).first, "attempt \(attempt)")
                let reason = failure(attempt < 5 ? .transient : .defect)
                let end = try await store.failJobIfRunning(request.id, token: claimed.token, failure: reason, now: time(begin))
                try expect(end, equals: .waiting)
            }
        },
        ConformanceCheck("a job handed back is queued at its old place and the attempt does not count") { store in
            let first = try await running(store, at: 0)
            _ = try await store.enqueue([rehearsal()], now: time(5))
            try expect(try await store.handBackJobIfRunning(first.record.id, token: first.token, now: time(10)), equals: true)
            let job = try await record(store, first.record.id)
            try expect(job.state, equals: .queued)
            try expect(job.attempt, equals: 0)
            try expect(try await claim(store, at: 11).first?.record.id, equals: first.record.id)
            try expect(try await store.attempts(of: first.record.id).map(\.outcome), equals: ["interrupted", nil])
        },
        ConformanceCheck("a handler that obeyed a cancellation ends its job as cancelled") { store in
            let claimed = try await running(store)
            _ = try await store.cancelJob(claimed.record.id, actor: "operator", now: time(1))
            try expect(try await store.cancelJobIfRunning(claimed.record.id, token: claimed.token, now: time(2)), equals: true)
            try expect(try await state(store, claimed.record.id), equals: .cancelled)
        },
        ConformanceCheck("a failure after a cancellation was asked for is a cancellation") { store in
            let claimed = try await running(store)
            _ = try await store.cancelJob(claimed.record.id, actor: "operator", now: time(1))
            let end = try await store.failJobIfRunning(
                claimed.record.id, token: claimed.token, failure: failure(.transient), now: time(2))
            try expect(end, equals: .cancelled)
        },
        ConformanceCheck("every state change leaves its event") { store in
            let claimed = try await running(store)
            _ = try await store.failJobIfRunning(claimed.record.id, token: claimed.token, failure: failure(.defect), now: time(1))
            _ = try await store.sweep(now: time(100))
            let again = try require(try await claim(store, at: 101).first, "the job again")
            _ = try await store.completeJobIfRunning(again.record.id, token: again.token, completion: Completion(), now: time(102))
            let sent = try await messages(store)
            let states = ["queued", "running", "waiting", "queued", "running", "succeeded"]
            try expect(keys(sent, exchange: MessageNames.eventsExchange), equals: states.map { "job.evaluation.\($0)" })
            try expect(keys(sent, exchange: MessageNames.workExchange).count, equals: 2)
            try expect(Set(sent.map(\.messageID)).count, equals: sent.count)
        },
        ConformanceCheck("events say the same in every store") { store in
            let claimed = try await running(store, rehearsal(priority: .urgent))
            let id = claimed.record.id
            _ = try await store.failJobIfRunning(id, token: claimed.token, failure: failure(.data), now: time(1))
            for message in try await messages(store) {
                let event = try CanonicalJSON.decode(JobEventBody.self, from: message.body)
                try expect(event.data.job, equals: id.description)
                try expect(event.data.stage, equals: .evaluation)
                try expect(event.data.priority, equals: .urgent)
                guard message.exchange == MessageNames.eventsExchange else { continue }
                try expect(event.data.kind, equals: .rehearsal)
                try expect(event.data.tenant, equals: "clinic")
                try expect(event.data.worker, equals: event.data.state == .running ? "worker-1" : nil)
                try expect(event.data.failure, equals: event.data.state == .dead ? failure(.data) : nil)
                try expect(event.data.attempt, equals: event.data.state == .queued ? 0 : 1)
            }
        },
    ]
}

private struct JobEventBody: Decodable {
    struct Data: Decodable {
        var job: String
        var kind: JobKind?
        var stage: Stage
        var state: JobState?
        var tenant: String?
        var priority: Priority
        var attempt: Int?
        var worker: String?
        var failure: JobFailure?
    }

    var data: Data
}
