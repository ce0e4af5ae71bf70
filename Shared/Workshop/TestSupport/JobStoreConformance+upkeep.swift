import Foundation
import JobEngine
import Studies

extension JobStoreConformance {
    /// Claims the job with a lease of ten seconds and lets it end.
    private static func crash(_ store: ClockedStore, _ id: JobID, at seconds: Double, progress: Double? = nil)
        async throws -> JobState
    {
        _ = try await store.at(seconds).sweep()
        let claimed = try require(try await claim(store, lease: 10, at: seconds).first, "a job to crash")
        if let progress {
            let renewal = LeaseRenewal(job: id, token: claimed.token, progress: progress, progressNote: "")
            _ = try await store.at(seconds + 1).renewLeases([renewal], leaseInSeconds: 9)
        }
        _ = try await store.at(seconds + 11).sweep()
        return try await state(store, id)
    }

    static let upkeep: [ConformanceCheck] = [
        ConformanceCheck("a lease that ended is swept, another worker claims, and the first can write nothing") {
            store in
            let claimed = try await running(store)
            let id = claimed.record.id
            try expect(try await store.at(119).sweep(), equals: SweepReport())
            try expect(try await store.at(121).sweep()?.expiredLeases, equals: 1)
            let job = try await record(store, id)
            try expect(job.state, equals: .waiting)
            try expect(job.failure?.class, equals: .crash)
            // A worker that was killed for want of memory would be killed again at once.
            try expect(try await store.at(121 + 89).sweep()?.releasedRetries, equals: 0)
            try expect(try await store.at(121 + 90).sweep()?.releasedRetries, equals: 1)
            let again = try require(try await claim(store, worker: "worker-2", at: 212).first, "the job again")
            let completion = Completion(outputs: [artifact("label-map")])
            try expect(
                try await store.at(213).completeJobIfRunning(id, token: claimed.token, completion: completion),
                equals: false)
            try expect(try await store.jobs.artifacts(of: id).count, equals: 0)
            try expect(
                try await store.at(214).completeJobIfRunning(id, token: again.token, completion: completion),
                equals: true)
            try expect(try await store.jobs.attempts(of: id).map(\.outcome), equals: ["crashed", "succeeded"])
        },
        ConformanceCheck("three crashes without progress make a job poison") { store in
            let request = rehearsal()
            _ = try await store.at(0).enqueue([request])
            try expect(try await crash(store, request.id, at: 1000), equals: .waiting)
            try expect(try await crash(store, request.id, at: 2000), equals: .waiting)
            try expect(try await crash(store, request.id, at: 3000), equals: .dead)
            try expect(try await record(store, request.id).failure?.code, equals: "poison")
        },
        ConformanceCheck("progress forgives crashes, the same progress again does not") { store in
            let request = rehearsal()
            _ = try await store.at(0).enqueue([request])
            for (round, progress) in [0.1, 0.2, 0.3, 0.4].enumerated() {
                try expect(
                    try await crash(store, request.id, at: 1000 * Double(round + 1), progress: progress),
                    equals: .waiting)
            }
            for (round, end) in [JobState.waiting, .waiting, .dead].enumerated() {
                try expect(
                    try await crash(store, request.id, at: 10_000 + 1000 * Double(round), progress: 0.4), equals: end)
            }
        },
        ConformanceCheck("a job for later is released when its time has come") { store in
            let request = rehearsal(runAt: time(60))
            _ = try await store.at(0).enqueue([request])
            try expect(try await store.at(59).sweep()?.releasedRetries, equals: 0)
            try expect(try await store.at(60).sweep()?.releasedRetries, equals: 1)
            try expect(try await state(store, request.id), equals: .queued)
        },
        ConformanceCheck("a sweep is due once a period") { store in
            for (seconds, isDue) in [(0.0, true), (4, false), (5, true), (6, false), (100, true), (99.5, false)] {
                try expect(try await store.at(seconds).sweep(everySeconds: 5) != nil, equals: isDue)
            }
            // A clock that was set back does not put it off; who began a moment earlier, and waited meanwhile, has none
            // of that.
            try expect(try await store.at(50).sweep(everySeconds: 5) != nil, equals: true)
        },
        ConformanceCheck("whoever had better not sweep does so when it is long overdue") { store in
            _ = try await store.at(0).sweep(everySeconds: 5)
            for (seconds, isDue) in [(5.0, false), (54, false), (55, true), (60, false), (110, true), (0, true)] {
                try expect(
                    try await store.at(seconds).sweep(everySeconds: 5, overdueBySeconds: 50) != nil, equals: isDue)
            }
        },
        ConformanceCheck("a queued job that nobody heard of is rung again") { store in
            _ = try await store.at(0).enqueue([rehearsal()])
            _ = try await messages(store)
            try expect(try await store.at(14).sweep()?.rerungJobs, equals: 0)
            try expect(try await store.at(16).sweep()?.rerungJobs, equals: 1)
            try expect(try await store.at(17).sweep()?.rerungJobs, equals: 0)
            try expect(
                keys(try await messages(store), exchange: MessageNames.workExchange), equals: ["evaluation.routine"])
        },
        ConformanceCheck("children of a dead job are cancelled, level by level, with a reason") { store in
            let id = try await dead(store)
            let child = rehearsal(parents: [id])
            let grandchild = rehearsal(parents: [child.id])
            _ = try await store.at(2).enqueue([child, grandchild])
            try expect(try await store.at(3).sweep()?.cancelledJobs, equals: 2)
            let job = try await record(store, child.id)
            try expect(job.state, equals: .cancelled)
            try expect(job.failure?.code, equals: "parent-ended")
            try expect(try await state(store, grandchild.id), equals: .cancelled)
        },
        ConformanceCheck("an attempt without progress for longer than its kind may is a crash") { store in
            let claimed = try await running(store)
            let limits = Rehearsal.kind.limits
            let renewal = LeaseRenewal(job: claimed.record.id, token: claimed.token, progress: 0, progressNote: "")
            let late = limits.noProgressInSeconds + 1
            _ = try await store.at(late - 100).renewLeases([renewal], leaseInSeconds: 200)
            try expect(try await store.at(late).sweep()?.expiredLeases, equals: 1)
            try expect(
                try await store.at(late + 1).renewLeases([renewal], leaseInSeconds: 199), equals: [renewal.job: .lost])
        },
        ConformanceCheck("a job that waited longer than its kind may is cancelled") { store in
            let request = rehearsal()
            _ = try await store.at(0).enqueue([request])
            let limit = Rehearsal.kind.limits.waitingInSeconds
            try expect(try await store.at(limit - 1).sweep()?.cancelledJobs, equals: 0)
            try expect(try await store.at(limit + 1).sweep()?.cancelledJobs, equals: 1)
            try expect(try await record(store, request.id).failure?.code, equals: "waiting-limit")
        },
        ConformanceCheck("messages that were not confirmed stay, in order") { store in
            _ = try await store.at(0).enqueue([rehearsal(), rehearsal()])
            try expect(
                try await store.jobs.drainOutbox(.events, limit: 10) { Array($0.prefix(1).map(\.id)) }, equals: 1)
            let left = try await messages(store)
            try expect(left.count, equals: 3)
            try expect(left.map(\.id), equals: left.map(\.id).sorted())
        },
        ConformanceCheck("a relay that fails loses no message") { store in
            _ = try await store.at(0).enqueue([rehearsal()])
            do {
                _ = try await store.jobs.drainOutbox(.wakeUps, limit: 10) { _ in
                    throw ConformanceFailure(description: "the broker is away")
                }
                throw ConformanceFailure(description: "the relay's error was swallowed")
            } catch let error as ConformanceFailure {
                try expect(error.description, equals: "the broker is away")
            }
            try expect(try await messages(store).count, equals: 2)
        },
        ConformanceCheck("a lane hands out its own messages, whatever becomes of the others") { store in
            _ = try await store.at(0).enqueue([rehearsal()])
            try await store.jobs.send(answer("ward"))
            let basket = MessageBasket()
            for lane in OutboxLane.allCases {
                _ = try await store.jobs.drainOutbox(lane, limit: 10) { found in
                    try expect(found.map(\.lane), equals: [lane])
                    return lane == .events ? [] : await basket.add(found)
                }
            }
            try expect(Set(await basket.messages.map(\.lane)), equals: [.wakeUps, .replies])
        },
        ConformanceCheck(
            "a reply that its queue refuses is out of the others' way, seen, and tried again when an operator says so"
        ) { store in
            try await store.jobs.send(answer("full"))
            try expect(try await store.jobs.drainOutbox(.replies, limit: 10) { _ in [] }, equals: 1)
            try await store.jobs.send(answer("ward"))
            try expect(try await messages(store).map(\.routingKey), equals: ["ward"])
            let refused = try await store.jobs.refusedReplies(tenant: nil, limit: 10)
            try expect(
                refused.map { [$0.tenant.rawValue, $0.queue, $0.type, $0.subject] },
                equals: [["clinic", "full", "columna.study.accepted", "s"]])
            try expect(try await store.jobs.retryReplies(queue: "other", actor: "operator"), equals: 0)
            try expect(try await store.jobs.retryReplies(queue: "full", actor: "operator"), equals: 1)
            let sent = try await messages(store)
            try expect(sent.map(\.routingKey), equals: ["full"])
            try expect(sent.map(\.correlationID), equals: ["c-7"])
            try expect(try await store.jobs.refusedReplies(tenant: nil, limit: 10), equals: [])
        },
        ConformanceCheck("a refused reply is tried again later, and parked when its patience is over") { store in
            let limit = ReplyPatience().limitInSeconds
            try await store.at(0).send(answer("full"))
            try expect(try await store.jobs.drainOutbox(.replies, limit: 10) { _ in [] }, equals: 1)
            for seconds in [0.5, limit - 1] {
                let isDue = seconds > 2
                try expect(
                    try await store.at(seconds).drainOutbox(.replies, limit: 10) { _ in [] }, equals: isDue ? 1 : 0)
            }
            try expect(try await store.jobs.refusedReplies(tenant: nil, limit: 10).map(\.tries), equals: [2])
            try expect(try await store.at(limit + 400).drainOutbox(.replies, limit: 10) { _ in [] }, equals: 1)
            let parked = try require(try await store.jobs.refusedReplies(tenant: nil, limit: 10).first, "the reply")
            try expect(parked.refusedSince, equals: time(0))
            try expect(parked.nextTryAt, equals: nil)
            try expect(try await store.at(10 * limit).drainOutbox(.replies, limit: 10) { _ in [] }, equals: 0)
            try expect(try await store.jobs.retryReplies(queue: nil, actor: "operator"), equals: 1)
            try expect(try await messages(store).map(\.routingKey), equals: ["full"])
        },
        ConformanceCheck("refused replies are listed and counted for one tenant, however many another has") { store in
            let limit = ReplyPatience().limitInSeconds
            for tenant: Tenant in ["clinic", "clinic", "ward"] {
                try await store.at(0).send(answer("full", tenant: tenant))
            }
            try expect(try await store.jobs.drainOutbox(.replies, limit: 10) { _ in [] }, equals: 3)
            try expect(try await store.jobs.refusedReplies(tenant: "ward", limit: 1).map(\.tenant), equals: ["ward"])
            try expect(try await store.jobs.parkedReplies(tenant: nil), equals: 0)
            try expect(try await store.at(limit + 400).drainOutbox(.replies, limit: 10) { _ in [] }, equals: 3)
            try expect(try await store.jobs.parkedReplies(tenant: nil), equals: 3)
            try expect(try await store.jobs.parkedReplies(tenant: "ward"), equals: 1)
        },
        ConformanceCheck("a relay whose broker goes away has not been refused anything") { store in
            try await store.jobs.send(answer("ward"))
            do {
                _ = try await store.jobs.drainOutbox(.replies, limit: 10) { _ in
                    throw ConformanceFailure(description: "the broker is away")
                }
                throw ConformanceFailure(description: "the relay's error was swallowed")
            } catch let error as ConformanceFailure {
                try expect(error.description, equals: "the broker is away")
            }
            try expect(try await store.jobs.refusedReplies(tenant: nil, limit: 10), equals: [])
            try expect(try await messages(store).map(\.routingKey), equals: ["ward"])
        },
    ]

    private static func answer(_ queue: String, tenant: Tenant = "clinic") throws -> JobEvent {
        let acceptance = StudyAnswer.Acceptance(tenant: tenant, id: "m", source: "ris")
        return try require(
            try JobEvent.accepted(acceptance, subject: "s", replyTo: queue, correlationID: "c-7"), "an answer")
    }
}
