import Foundation
import JobEngine
import Studies

extension JobStoreConformance {
    static let lineage: [ConformanceCheck] = [
        ConformanceCheck("a completion records what was read and written") { store in
            var request = rehearsal()
            request.inputs = [artifact("volume", "1")]
            let claimed = try await running(store, request)
            let completion = Completion(
                outputs: [artifact("label-map", "2", byteCount: 20), artifact("picture", "3")],
                additionalInputs: [artifact("weights", "4")])
            _ = try await store.at(1).completeJobIfRunning(request.id, token: claimed.token, completion: completion)
            let artifacts = try await store.jobs.artifacts(of: request.id)
            try expect(Set(artifacts.filter(\.isInput).map(\.reference.role)), equals: ["volume", "weights"])
            try expect(artifacts.filter { !$0.isInput }.map(\.reference), equals: completion.outputs)
        },
        ConformanceCheck("children are enqueued with their parent's end, once") { store in
            let claimed = try await running(store)
            var child = rehearsal(key: "\(claimed.record.id)/next", parents: [claimed.record.id])
            child.inputs = [artifact("volume")]
            _ = try await store.at(1).completeJobIfRunning(
                claimed.record.id, token: claimed.token, completion: Completion(children: [child]))
            try expect(try await store.jobs.children(of: claimed.record.id), equals: [child.id])
            try expect(try await state(store, child.id), equals: .queued)
            try expect(try await claim(store, at: 2).first?.inputs, equals: child.inputs)
        },
        ConformanceCheck("a job waits for the last of its parents") { store in
            let first = try await running(store)
            let second = try await running(store)
            let child = rehearsal(parents: [first.record.id, second.record.id])
            _ = try await store.at(1).enqueue([child])
            _ = try await store.at(2).completeJobIfRunning(
                first.record.id, token: first.token, completion: Completion())
            try expect(try await state(store, child.id), equals: .waiting)
            _ = try await store.at(3).completeJobIfRunning(
                second.record.id, token: second.token, completion: Completion())
            try expect(try await state(store, child.id), equals: .queued)
        },
        ConformanceCheck("jobs are listed newest first, by state, stage, tenant and number") { store in
            let requests = [
                rehearsal(), rehearsal(tenant: "other"), JobRequest(kind: TrainModel.kind, tenant: "clinic"),
            ]
            for (second, request) in requests.enumerated() { _ = try await store.at(Double(second)).enqueue([request]) }
            try expect(try await store.jobs.jobs(JobFilter()).map(\.id), equals: requests.map(\.id).reversed())
            try expect(try await store.jobs.jobs(JobFilter(stage: .training)).map(\.id), equals: [requests[2].id])
            try expect(try await store.jobs.jobs(JobFilter(tenant: "other")).map(\.id), equals: [requests[1].id])
            try expect(try await store.jobs.jobs(JobFilter(states: [.dead])).count, equals: 0)
            try expect(try await store.jobs.jobs(JobFilter(states: [.queued], limit: 2)).count, equals: 2)
        },
        ConformanceCheck("dead jobs are listed by their last death, by stage, tenant and number") { store in
            let requests = [rehearsal(), rehearsal(tenant: "other"), rehearsal()]
            for (second, request) in requests.enumerated() {
                let claimed = try await running(store, request, at: Double(second))
                _ = try await store.at(Double(second)).failJobIfRunning(
                    request.id, token: claimed.token, failure: failure(.data))
            }
            _ = try await store.at(4).replayJob(requests[0].id, actor: "operator")
            let again = try require(try await claim(store, at: 5).first, "the replayed job")
            _ = try await store.at(6).failJobIfRunning(requests[0].id, token: again.token, failure: failure(.data))
            _ = try await running(store, at: 7)
            let inOrder = [requests[0].id, requests[2].id, requests[1].id]
            try expect(try await store.jobs.deadJobs(stage: nil, tenant: nil, limit: 10).map(\.id), equals: inOrder)
            try expect(
                try await store.jobs.deadJobs(stage: .evaluation, tenant: nil, limit: 2).map(\.id),
                equals: Array(inOrder.prefix(2)))
            try expect(try await store.jobs.deadJobs(stage: .training, tenant: nil, limit: 10).count, equals: 0)
            try expect(
                try await store.jobs.deadJobs(stage: nil, tenant: "other", limit: 10).map(\.id),
                equals: [requests[1].id])
        },
        ConformanceCheck("a job that does not exist is nil") { store in
            try expect(try await store.jobs.job(JobID()), equals: nil)
            try expect(try await store.at(0).cancelJob(JobID(), actor: "operator"), equals: nil)
        },
    ]
}
