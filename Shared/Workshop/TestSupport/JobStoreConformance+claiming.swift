import Foundation
import JobEngine
import Studies

extension JobStoreConformance {
    static let claiming: [ConformanceCheck] = [
        ConformanceCheck("a claim gives a lease, a token and an attempt") { store in
            let request = rehearsal()
            _ = try await store.at(0).enqueue([request])
            let claimed = try require(try await claim(store, worker: "w", lease: 60, at: 5).first, "a claimed job")
            try expect(claimed.record.id, equals: request.id)
            try expect(claimed.record.state, equals: .running)
            let job = try await record(store, request.id)
            try expect(job, equals: claimed.record)
            try expect(job.worker, equals: "w")
            try expect(job.token, equals: claimed.token)
            try expect(job.startedAt, equals: time(5))
            try expect(job.leaseUntil, equals: time(65))
            try expect(job.attempt, equals: 1)
            let attempt = try require(try await store.jobs.attempts(of: request.id).first, "an attempt")
            try expect(attempt.codeVersion, equals: "1.2.3")
            try expect(attempt.outcome, equals: nil)
        },
        ConformanceCheck("a claimed job is claimed once") { store in
            _ = try await running(store)
            try expect(try await claim(store, at: 1).count, equals: 0)
        },
        ConformanceCheck("a claim takes no more than its limit, the oldest first") { store in
            let requests = (0..<4).map { _ in rehearsal() }
            for (second, request) in requests.enumerated() { _ = try await store.at(Double(second)).enqueue([request]) }
            try expect(try await claim(store, limit: 3, at: 10).map(\.record.id), equals: requests.prefix(3).map(\.id))
        },
        ConformanceCheck("a claim takes jobs of its own stage only") { store in
            _ = try await store.at(0).enqueue([JobRequest(kind: TrainModel.kind, tenant: "clinic")])
            try expect(try await claim(store, at: 1).count, equals: 0)
        },
        ConformanceCheck("a claim takes jobs of the kinds it asks for only") { store in
            let (mine, others) = (rehearsal(), JobRequest(kind: EvaluateSegmentation.kind, tenant: "clinic"))
            _ = try await store.at(0).enqueue([others])
            _ = try await store.at(1).enqueue([mine])
            let request = ClaimRequest(stage: .evaluation, kinds: [Rehearsal.kind], worker: "w", limit: 2)
            try expect(try await store.at(2).claimAvailableJobs(request).map(\.record.id), equals: [mine.id])
            try expect(try await state(store, others.id), equals: .queued)
        },
        ConformanceCheck("a claim takes the best of several kinds and tenants, in their order") { store in
            let requests = (0..<6).map { number in
                JobRequest(
                    kind: number % 2 == 0 ? Rehearsal.kind : EvaluateSegmentation.kind,
                    tenant: ["b", "a", "c"][number % 3])
            }
            for (second, request) in requests.enumerated() { _ = try await store.at(Double(second)).enqueue([request]) }
            try expect(try await claim(store, limit: 4, at: 10).map(\.record.id), equals: requests.prefix(4).map(\.id))
            try expect(try await claim(store, limit: 4, at: 11).map(\.record.id), equals: requests.suffix(2).map(\.id))
        },
        ConformanceCheck("a tenant's cap counts all kinds of a stage together") { store in
            try await store.at(0).setRunningLimit(3, tenant: "greedy", actor: "operator")
            for second in 0..<4 {
                _ = try await store.at(Double(second)).enqueue([
                    rehearsal(tenant: "greedy"), JobRequest(kind: EvaluateSegmentation.kind, tenant: "greedy"),
                ])
            }
            try expect(try await claim(store, limit: 2, at: 10).count, equals: 2)
            try expect(try await claim(store, limit: 10, at: 10).count, equals: 1)
            try expect(try await claim(store, limit: 10, at: 10).count, equals: 0)
        },
        ConformanceCheck("an urgent job overtakes routine ones, until they are old") { store in
            let old = rehearsal()
            let young = rehearsal()
            let urgent = rehearsal(priority: .urgent)
            _ = try await store.at(0).enqueue([old])
            _ = try await store.at(100).enqueue([young])
            _ = try await store.at(Priority.routine.handicapInSeconds + 50).enqueue([urgent])
            try expect(
                try await claim(store, limit: 3, at: 2000).map(\.record.id), equals: [old.id, urgent.id, young.id])
        },
        ConformanceCheck("a paused stage gives no jobs until it is resumed") { store in
            _ = try await store.at(0).enqueue([rehearsal()])
            try await store.at(1).setPaused(true, stage: .evaluation, actor: "operator")
            try expect(try await store.jobs.pausedStages(), equals: [.evaluation])
            try expect(try await claim(store, at: 2).count, equals: 0)
            try await store.at(3).setPaused(false, stage: .evaluation, actor: "operator")
            try expect(try await claim(store, at: 4).count, equals: 1)
        },
        ConformanceCheck("a tenant's cap holds its jobs back, and nobody else's") { store in
            try await store.at(0).setRunningLimit(2, tenant: "greedy", actor: "operator")
            _ = try await store.at(0).enqueue((0..<5).map { _ in rehearsal(tenant: "greedy") })
            _ = try await store.at(1).enqueue((0..<2).map { _ in rehearsal(tenant: "modest") })
            let first = try await claim(store, limit: 10, at: 2)
            try expect(first.map(\.record.tenant), equals: ["greedy", "greedy", "modest", "modest"])
            _ = try await store.at(3).completeJobIfRunning(
                first[0].record.id, token: first[0].token, completion: Completion())
            try expect(try await claim(store, limit: 10, at: 4).map(\.record.tenant), equals: ["greedy"])
            try await store.at(5).setRunningLimit(nil, tenant: "greedy", actor: "operator")
            try expect(try await claim(store, limit: 10, at: 6).count, equals: 2)
        },
        ConformanceCheck("a claim brings inputs, and the checkpoints of earlier attempts, oldest first") { store in
            var request = rehearsal()
            request.inputs = [artifact("volume", "1"), artifact("truth", "2")]
            let claimed = try await running(store, request)
            try expect(Set(claimed.inputs.map(\.role)), equals: ["volume", "truth"])
            for (digit, second) in [("3", 1.0), ("4", 2.0)] {
                let isHeld = try await store.at(second).recordWhileRunning(
                    request.id, token: claimed.token,
                    checkpoints: [artifact(ArtifactKind.checkpoint.role, Character(digit))],
                    facts: [])
                try expect(isHeld, equals: true)
            }
            _ = try await store.at(3).handBackJobIfRunning(request.id, token: claimed.token)
            let again = try require(try await claim(store, at: 4).first, "the job again")
            try expect(
                again.checkpoints,
                equals: [artifact(ArtifactKind.checkpoint.role, "3"), artifact(ArtifactKind.checkpoint.role, "4")])
            try expect(again.token > claimed.token, "a later token is larger")
        },
        ConformanceCheck("checkpoints are let go of but for those that are kept, and bytes that others need stay") {
            store in
            let kept = artifact(ArtifactKind.checkpoint.role, "3")
            let (shared, alone) = (
                artifact(ArtifactKind.checkpoint.role, "1"), artifact(ArtifactKind.checkpoint.role, "2")
            )
            var other = rehearsal(runAt: time(1000))
            other.inputs = [shared]
            _ = try await store.at(0).enqueue([other])
            let claimed = try await running(store)
            let id = claimed.record.id
            _ = try await store.at(1).recordWhileRunning(
                id, token: claimed.token, checkpoints: [shared, alone, kept], facts: [])
            try expect(
                try await store.at(2).releaseCheckpoints(id, token: claimed.token, except: [kept.address]),
                equals: [alone.address])
            try expect(try await store.jobs.artifacts(of: id).map(\.reference), equals: [kept])
            try expect(try await store.jobs.artifacts(of: other.id).map(\.reference), equals: [shared])
            try expect(
                try await store.at(3).releaseCheckpoints(id, token: claimed.token + 1, except: []), equals: nil)
            try expect(try await store.jobs.artifacts(of: id).count, equals: 1)
        },
        ConformanceCheck("a renewal extends the lease and stores progress") { store in
            let claimed = try await running(store)
            let renewal = LeaseRenewal(
                job: claimed.record.id, token: claimed.token, progress: 0.25, progressNote: "epoch 1")
            try expect(
                try await store.at(30).renewLeases([renewal], leaseInSeconds: 170),
                equals: [claimed.record.id: .proceed])
            let job = try await record(store, claimed.record.id)
            try expect(job.leaseUntil, equals: time(200))
            try expect(job.progress, equals: 0.25)
            try expect(job.progressNote, equals: "epoch 1")
        },
        ConformanceCheck("a renewal brings back cancel, pause and loss") { store in
            _ = try await store.at(0).enqueue((0..<3).map { _ in rehearsal() })
            let jobs = try await claim(store, limit: 3, at: 0)
            _ = try await store.at(1).cancelJob(jobs[0].record.id, actor: "operator")
            _ = try await store.at(1).pauseJob(jobs[1].record.id, actor: "operator")
            var renewals = jobs.map { LeaseRenewal(job: $0.record.id, token: $0.token, progress: 0, progressNote: "") }
            renewals[2].token -= 1000
            let signals = try await store.at(2).renewLeases(renewals, leaseInSeconds: 198)
            try expect(
                signals, equals: [jobs[0].record.id: .cancel, jobs[1].record.id: .pause, jobs[2].record.id: .lost])
        },
    ]
}
