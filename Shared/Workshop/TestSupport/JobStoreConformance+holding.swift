import Foundation
import JobEngine

extension JobStoreConformance {
    private static let archive = "archive:pacs"

    /// Opens the breaker of the archive by three failures at a time.
    private static func lose(_ store: ClockedStore, at seconds: Double) async throws {
        for _ in 1...CircuitBreaker.limit {
            _ = try await store.at(seconds).recordFailure(of: archive, reason: "it refuses connections")
        }
    }

    static let holding: [ConformanceCheck] = [
        ConformanceCheck("an archive is away after three failures in a row") { store in
            try expect(try await store.at(0).admit(to: archive), equals: .proceed)
            try expect(try await store.at(1).recordFailure(of: archive, reason: "r"), equals: nil)
            try expect(try await store.at(2).recordFailure(of: archive, reason: "r"), equals: nil)
            try await store.at(3).recordSuccess(of: archive)
            try expect(try await store.jobs.dependencies(), equals: [])
            try expect(try await store.at(4).recordFailure(of: archive, reason: "r"), equals: nil)
            try expect(try await store.at(5).recordFailure(of: archive, reason: "r"), equals: nil)
            try expect(try await store.at(6).admit(to: archive), equals: .proceed)
            try expect(try await store.at(7).recordFailure(of: archive, reason: "r"), equals: CircuitBreaker.firstWait)
            try expect(try await store.at(17).admit(to: archive), equals: .wait(seconds: CircuitBreaker.firstWait - 10))
            try expect(try await store.jobs.admit(to: "archive:other"), equals: .proceed)
        },
        ConformanceCheck("one job of all workers tries whether an archive is back") { store in
            try await lose(store, at: 0)
            try expect(try await store.at(30).admit(to: archive), equals: .probe)
            try expect(try await store.at(30).admit(to: archive), equals: .wait(seconds: 30))
            try expect(try await store.at(31).recordFailure(of: archive, reason: "r"), equals: 60)
            try expect(try await store.at(91).admit(to: archive), equals: .probe)
            try await store.jobs.recordSuccess(of: archive)
            try expect(try await store.at(91).admit(to: archive), equals: .proceed)
        },
        ConformanceCheck("a probe that is given back is the next job's") { store in
            try await store.at(0).giveBackProbe(of: archive)
            try expect(try await store.jobs.dependencies(), equals: [])
            try await lose(store, at: 0)
            try expect(try await store.at(30).admit(to: archive), equals: .probe)
            try await store.at(31).giveBackProbe(of: archive)
            try expect(try await store.at(31).admit(to: archive), equals: .probe)
            try expect(try await store.at(31).admit(to: archive), equals: .wait(seconds: 30))
        },
        ConformanceCheck("a held job waits without a try, and goes on when the archive is back") { store in
            let claimed = try await running(store)
            let id = claimed.record.id
            let day = 24 * 3600.0
            try await lose(store, at: day)
            try expect(
                try await store.jobs.holdJobIfRunning(id, token: claimed.token, for: archive, seconds: 5 * day),
                equals: true)
            let job = try await record(store, id)
            try expect(job.state, equals: .waiting)
            try expect(job.attempt, equals: 0)
            try expect(job.runAt, equals: time(6 * day))
            try expect(job.failure?.code, equals: "held")
            try expect(try await store.jobs.attempts(of: id).map(\.outcome), equals: ["interrupted"])
            let known = try require(try await store.jobs.dependencies().first, "the archive")
            try expect(known.name, equals: archive)
            try expect(known.openedAt, equals: time(day))
            try expect(known.heldJobs, equals: 1)
            try expect(known.reason, equals: "it refuses connections")

            try await store.at(4 * day).recordSuccess(of: archive)
            // The time it was held is not its own: its row of failures begins with the first.
            for hour in 1...6 {
                let now = 4 * day + Double(hour) * 3600
                _ = try await store.at(now).sweep()
                let claimed = try require(try await claim(store, at: now).first, "the job in hour \(hour)")
                let state = try await store.jobs.failJobIfRunning(
                    id, token: claimed.token, failure: failure(.transient))
                try expect(state, equals: .waiting)
            }
        },
        ConformanceCheck("a job that fails whenever it may try ends after its time, however often it was held") {
            store in
            let request = rehearsal()
            _ = try await store.at(0).enqueue([request])
            for hour in stride(from: 0.0, through: 24, by: 6) {
                for isTry in [false, true] {
                    let now = hour * 3600 + (isTry ? 60 : 0)
                    _ = try await store.at(now).sweep()
                    let token = try require(try await claim(store, at: now).first, "the job in hour \(hour)").token
                    if isTry {
                        _ = try await store.jobs.failJobIfRunning(
                            request.id, token: token, failure: failure(.transient))
                    } else {
                        _ = try await store.jobs.holdJobIfRunning(request.id, token: token, for: archive, seconds: 30)
                    }
                }
            }
            try expect(try await state(store, request.id), equals: .dead)
        },
        ConformanceCheck("a stale token holds nothing back") { store in
            let claimed = try await running(store)
            let isHeld = try await store.jobs.holdJobIfRunning(
                claimed.record.id, token: claimed.token - 1, for: archive, seconds: 60)
            try expect(isHeld, equals: false)
            try expect(try await state(store, claimed.record.id), equals: .running)
        },
        ConformanceCheck("a job that is to be cancelled is not held") { store in
            let claimed = try await running(store)
            _ = try await store.at(1).cancelJob(claimed.record.id, actor: "operator")
            _ = try await store.jobs.holdJobIfRunning(
                claimed.record.id, token: claimed.token, for: archive, seconds: 60)
            try expect(try await state(store, claimed.record.id), equals: .cancelled)
        },
        ConformanceCheck("a resource is tried for a day since it first failed, however many tries that makes") {
            store in
            let request = rehearsal()
            _ = try await store.at(0).enqueue([request])
            var hour = 0.0
            var tries = 0
            while try await state(store, request.id) != .dead, hour < 100 {
                _ = try await store.at(hour * 3600).sweep()
                if let claimed = try await claim(store, at: hour * 3600).first {
                    tries += 1
                    _ = try await store.jobs.failJobIfRunning(
                        request.id, token: claimed.token, failure: failure(.resource))
                }
                hour += 1
            }
            try expect(hour, equals: 25)
            try expect(tries, equals: 25)
        },
    ]
}
