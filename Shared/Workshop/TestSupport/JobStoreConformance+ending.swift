import Documents
import Foundation
import JobEngine
import Studies

extension JobStoreConformance {
    static func failure(_ failureClass: JobFailure.Class) -> JobFailure {
        JobFailure(class: failureClass, code: "rehearsed", reason: "the rehearsal fails as its parameters say")
    }

    static let ending: [ConformanceCheck] = [
        ConformanceCheck("a completed job has succeeded, and its lease is over") { store in
            let claimed = try await running(store)
            let id = claimed.record.id
            try expect(
                try await store.at(9).completeJobIfRunning(
                    id, token: claimed.token, completion: Completion(summary: "done")),
                equals: true)
            let job = try await record(store, id)
            try expect(job.state, equals: .succeeded)
            try expect(job.finishedAt, equals: time(9))
            try expect(job.progress, equals: 1)
            try expect(job.progressNote, equals: "done")
            try expect(job.token, equals: nil)
            try expect(job.worker, equals: nil)
            let attempt = try require(try await store.jobs.attempts(of: id).first, "an attempt")
            try expect(attempt.outcome, equals: "succeeded")
            try expect(attempt.endedAt, equals: time(9))
        },
        ConformanceCheck("a stale token changes nothing and leaves nothing") { store in
            let claimed = try await running(store)
            let id = claimed.record.id
            let stale = claimed.token - 1
            let child = rehearsal(parents: [id])
            let completion = Completion(outputs: [artifact("label-map")], facts: [try .rehearsed()], children: [child])
            _ = try await messages(store)
            try expect(
                try await store.at(1).completeJobIfRunning(id, token: stale, completion: completion), equals: false)
            try expect(try await store.at(1).failJobIfRunning(id, token: stale, failure: failure(.data)), equals: nil)
            try expect(try await store.at(1).handBackJobIfRunning(id, token: stale), equals: false)
            try expect(try await store.at(1).cancelJobIfRunning(id, token: stale), equals: false)
            let isHeld = try await store.at(1).recordWhileRunning(
                id, token: stale, checkpoints: [artifact(ArtifactKind.checkpoint.role)], facts: [])
            try expect(isHeld, equals: false)
            try expect(try await record(store, id), equals: claimed.record)
            try expect(try await store.jobs.artifacts(of: id).count, equals: 0)
            try expect(try await store.jobs.job(child.id), equals: nil)
            try expect(try await messages(store).count, equals: 0)
        },
        ConformanceCheck("a job ends once") { store in
            let claimed = try await running(store)
            let id = claimed.record.id
            _ = try await store.at(1).completeJobIfRunning(id, token: claimed.token, completion: Completion())
            try expect(
                try await store.at(2).completeJobIfRunning(id, token: claimed.token, completion: Completion()),
                equals: false)
            try expect(
                try await store.at(2).failJobIfRunning(id, token: claimed.token, failure: failure(.defect)), equals: nil
            )
        },
        ConformanceCheck("bad data makes a job dead at once, with its reason and its input") { store in
            var request = rehearsal()
            request.inputs = [artifact("volume")]
            let claimed = try await running(store, request)
            let end = try await store.at(3).failJobIfRunning(request.id, token: claimed.token, failure: failure(.data))
            try expect(end, equals: .dead)
            let job = try await record(store, request.id)
            try expect(job.failure, equals: failure(.data))
            try expect(job.finishedAt, equals: time(3))
            try expect(try await store.jobs.artifacts(of: request.id).count, equals: 1)
            try expect(try await store.jobs.attempts(of: request.id).first?.failure, equals: failure(.data))
        },
        ConformanceCheck("a defect is tried three times, each later than the one before") { store in
            let request = rehearsal()
            _ = try await store.at(0).enqueue([request])
            for attempt in 1...3 {
                let begin = Double(attempt) * 1000
                _ = try await store.at(begin).sweep()
                let claimed = try require(try await claim(store, at: begin).first, "attempt \(attempt)")
                let end = try await store.at(begin).failJobIfRunning(
                    request.id, token: claimed.token, failure: failure(.defect))
                try expect(end, equals: attempt < 3 ? .waiting : .dead)
                if attempt < 3 {
                    let delay = 120 * exp2(3 * Double(attempt - 1)) * (0.5 + 0.5 * chance)
                    try expect(try await record(store, request.id).runAt, equals: time(begin + delay))
                }
            }
            try expect(try await record(store, request.id).attempt, equals: 3)
        },
        ConformanceCheck("a night without a database does not use up the tries of a defect") { store in
            let request = rehearsal()
            _ = try await store.at(0).enqueue([request])
            for attempt in 1...5 {
                let begin = Double(attempt) * 1000
                _ = try await store.at(begin).sweep()
                let claimed = try require(try await claim(store, at: begin).first, "attempt \(attempt)")
                let reason = failure(attempt < 5 ? .transient : .defect)
                let end = try await store.at(begin).failJobIfRunning(request.id, token: claimed.token, failure: reason)
                try expect(end, equals: .waiting)
            }
        },
        ConformanceCheck("a job handed back is queued at its old place and the attempt does not count") { store in
            let first = try await running(store, at: 0)
            _ = try await store.at(5).enqueue([rehearsal()])
            try expect(try await store.at(10).handBackJobIfRunning(first.record.id, token: first.token), equals: true)
            let job = try await record(store, first.record.id)
            try expect(job.state, equals: .queued)
            try expect(job.attempt, equals: 0)
            try expect(try await claim(store, at: 11).first?.record.id, equals: first.record.id)
            try expect(try await store.jobs.attempts(of: first.record.id).map(\.outcome), equals: ["interrupted", nil])
        },
        ConformanceCheck("a handler that obeyed a cancellation ends its job as cancelled") { store in
            let claimed = try await running(store)
            _ = try await store.at(1).cancelJob(claimed.record.id, actor: "operator")
            try expect(try await store.at(2).cancelJobIfRunning(claimed.record.id, token: claimed.token), equals: true)
            try expect(try await state(store, claimed.record.id), equals: .cancelled)
        },
        ConformanceCheck("a failure after a cancellation was asked for is a cancellation") { store in
            let claimed = try await running(store)
            _ = try await store.at(1).cancelJob(claimed.record.id, actor: "operator")
            let end = try await store.at(2).failJobIfRunning(
                claimed.record.id, token: claimed.token, failure: failure(.transient))
            try expect(end, equals: .cancelled)
        },
        ConformanceCheck("every state change leaves its event") { store in
            let claimed = try await running(store)
            _ = try await store.at(1).failJobIfRunning(
                claimed.record.id, token: claimed.token, failure: failure(.defect))
            _ = try await store.at(100).sweep()
            let again = try require(try await claim(store, at: 101).first, "the job again")
            _ = try await store.at(102).completeJobIfRunning(
                again.record.id, token: again.token, completion: Completion())
            let sent = try await messages(store)
            let states = ["queued", "running", "waiting", "queued", "running", "succeeded"]
            try expect(keys(sent, exchange: MessageNames.eventsExchange), equals: states.map { "job.evaluation.\($0)" })
            try expect(keys(sent, exchange: MessageNames.workExchange).count, equals: 2)
            try expect(Set(sent.map(\.messageID)).count, equals: sent.count)
        },
        ConformanceCheck("events say the same in every store") { store in
            let claimed = try await running(store, rehearsal(priority: .urgent))
            let id = claimed.record.id
            _ = try await store.at(1).failJobIfRunning(id, token: claimed.token, failure: failure(.data))
            for message in try await messages(store) {
                let event = try CanonicalJSON.decode(JobEventBody.self, from: message.body)
                try expect(event.data.job, equals: id.description)
                try expect(event.data.stage, equals: .evaluation)
                try expect(event.data.priority, equals: .urgent)
                guard message.exchange == MessageNames.eventsExchange else { continue }
                try expect(event.data.kind, equals: "rehearsal")
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
        var kind: String?
        var stage: Stage
        var state: JobState?
        var tenant: Tenant?
        var priority: Priority
        var attempt: Int?
        var worker: String?
        var failure: JobFailure?
    }

    var data: Data
}
