import Documents
import Faults
import Foundation
import JobEngine
import Studies

extension JobStoreConformance {
    static let enqueueing: [ConformanceCheck] = [
        ConformanceCheck("a new job is queued and keeps what was asked for") { store in
            let request = try JobRequest(
                Rehearsal(milliseconds: 1), tenant: "clinic", priority: .urgent, deduplicationKey: "k",
                inputs: [artifact("volume")])
            try expect(try await store.at(0).enqueue([request]), equals: [.inserted(request.id)])
            let job = try await record(store, request.id)
            try expect(job.state, equals: .queued)
            try expect(job.parameters, equals: request.parameters)
            try expect(job.priority, equals: .urgent)
            try expect(job.deduplicationKey, equals: "k")
            try expect(job.queuedAt, equals: time(0))
            try expect(
                try await store.jobs.artifacts(of: job.id),
                equals: [JobArtifact(isInput: true, reference: artifact("volume"))])
        },
        ConformanceCheck("a second request with the same key is the same job") { store in
            let first = rehearsal(key: "same")
            _ = try await store.at(0).enqueue([first])
            try expect(try await store.at(1).enqueue([rehearsal(key: "same")]), equals: [.duplicate(of: first.id)])
            try expect(try await store.jobs.jobs(JobFilter()).count, equals: 1)
        },
        ConformanceCheck("a key counts within its tenant and kind only") { store in
            let results = try await store.at(0).enqueue(
                [
                    rehearsal(key: "k"), rehearsal(tenant: "other", key: "k"),
                    JobRequest(kind: EvaluateSegmentation.kind, tenant: "clinic", deduplicationKey: "k"),
                ])
            try expect(results.filter { if case .inserted = $0 { true } else { false } }.count, equals: 3)
        },
        ConformanceCheck("a batch that repeats itself inserts each job once") { store in
            let first = rehearsal(key: "k")
            let results = try await store.at(0).enqueue([first, rehearsal(key: "k"), rehearsal(), first])
            try expect(results[0], equals: .inserted(first.id))
            try expect(results[1], equals: .duplicate(of: first.id))
            try expect(results[3], equals: .duplicate(of: first.id))
            try expect(try await store.jobs.jobs(JobFilter()).count, equals: 2)
        },
        ConformanceCheck("jobs of a kind that none shall be open of come in when all earlier ones have ended") {
            store in
            func order(_ tenant: Tenant = "clinic", at second: Double) async throws -> Int {
                let requests = [rehearsal(tenant: tenant), rehearsal(tenant: tenant, runAt: time(60))]
                return try await store.at(second).enqueue(requests, unlessOpen: Rehearsal.kind, of: tenant)
            }
            try expect(try await order(at: 0), equals: 0)
            _ = try await store.at(0).enqueue([JobRequest(kind: EvaluateSegmentation.kind, tenant: "clinic")])
            try expect(try await order(at: 1), equals: 2)
            try expect(try await order("other", at: 1), equals: 0)
            try expect(try await store.jobs.jobs(JobFilter(tenant: "clinic")).count, equals: 3)
            let request = ClaimRequest(stage: .evaluation, kinds: [Rehearsal.kind], worker: "w", limit: 2)
            for job in try await store.at(2).claimAvailableJobs(request) where job.record.tenant == "clinic" {
                try expect(try await order(at: 3), equals: 2)
                _ = try await store.at(4).completeJobIfRunning(
                    job.record.id, token: job.token, completion: Completion())
            }
            try expect(try await order(at: 5), equals: 1)
            for job in try await store.jobs.jobs(JobFilter(states: [.waiting], tenant: "clinic")) {
                _ = try await store.at(6).cancelJob(job.id, actor: "operator")
            }
            try expect(try await order(at: 7), equals: 0)
            try expect(try await store.jobs.jobs(JobFilter(tenant: "clinic")).count, equals: 5)
        },
        ConformanceCheck("a thousand repeats are one job with one wake-up") { store in
            for _ in 0..<10 {
                _ = try await store.at(0).enqueue((0..<100).map { _ in rehearsal(key: "same") })
            }
            try expect(try await store.jobs.jobs(JobFilter()).count, equals: 1)
            try expect(keys(try await messages(store), exchange: MessageNames.workExchange).count, equals: 1)
        },
        ConformanceCheck("a job for later waits") { store in
            let request = rehearsal(runAt: time(60))
            _ = try await store.at(0).enqueue([request])
            try expect(try await state(store, request.id), equals: .waiting)
            try expect(try await claim(store, at: 1).count, equals: 0)
        },
        ConformanceCheck("a job whose parent has not succeeded waits, and names it") { store in
            let parent = rehearsal()
            let child = rehearsal(parents: [parent.id])
            _ = try await store.at(0).enqueue([parent, child])
            try expect(try await state(store, child.id), equals: .waiting)
            try expect(try await store.jobs.parents(of: child.id), equals: [parent.id])
            try expect(try await store.jobs.children(of: parent.id), equals: [child.id])
        },
        ConformanceCheck("a job whose parents have succeeded is queued at once") { store in
            let parent = try await running(store)
            _ = try await store.at(1).completeJobIfRunning(
                parent.record.id, token: parent.token, completion: Completion())
            let child = rehearsal(parents: [parent.record.id])
            _ = try await store.at(2).enqueue([child])
            try expect(try await state(store, child.id), equals: .queued)
        },
        ConformanceCheck("a parent that does not exist is refused") { store in
            do {
                _ = try await store.at(0).enqueue([rehearsal(parents: [JobID()])])
            } catch let error as JobStoreError {
                return try expect(error.code, equals: .unknownParent)
            }
            throw ConformanceFailure(description: "an unknown parent was accepted")
        },
        ConformanceCheck("an intake that cannot run is kept as a dead job with its input") { store in
            let failure = JobFailure(class: .data, code: "not-json", reason: "the message is not JSON")
            let request = JobRequest(
                kind: IngestStudy.kind, tenant: "clinic", deduplicationKey: "m",
                inputs: [artifact(ArtifactKind.rejectedMessage.role)])
            try expect(try await store.at(0).enqueueDead(request, failure: failure), equals: .inserted(request.id))
            let job = try await record(store, request.id)
            try expect(job.state, equals: .dead)
            try expect(job.failure, equals: failure)
            try expect(job.finishedAt, equals: time(0))
            try expect(
                try await store.jobs.artifacts(of: job.id).map(\.reference.role),
                equals: [ArtifactKind.rejectedMessage.role])
            try expect(try await store.at(1).enqueueDead(request, failure: failure), equals: .duplicate(of: request.id))
        },
        ConformanceCheck("a queued job leaves one wake-up and one event") { store in
            let request = rehearsal(priority: .bulk)
            _ = try await store.at(0).enqueue([request])
            let sent = try await messages(store)
            try expect(keys(sent, exchange: MessageNames.workExchange), equals: ["evaluation.bulk"])
            try expect(keys(sent, exchange: MessageNames.eventsExchange), equals: ["job.evaluation.queued"])
            for message in sent { try expect(try Envelope(message).subject, equals: request.id.description) }
        },
    ]
}

/// The parts of a CloudEvent that the checks read.
struct Envelope: Decodable {
    var specversion: String
    var id: String
    var type: String
    var subject: String
    var time: String

    init(_ message: OutboxMessage) throws {
        self = try CanonicalJSON.decode(Envelope.self, from: message.body)
        try expect(specversion, equals: "1.0")
        try expect(id, equals: message.messageID)
    }
}
