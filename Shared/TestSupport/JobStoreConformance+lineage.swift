import Foundation
import JobEngine

extension JobStoreConformance {
    static let lineage: [ConformanceCheck] = [
        ConformanceCheck("a completion records what was read and written") { store in
            var request = rehearsal()
            request.inputs = [artifact("volume", "1")]
            let claimed = try await running(store, request)
            let completion = Completion(
                outputs: [artifact("label-map", "2", byteCount: 20), artifact("picture", "3")], additionalInputs: [artifact("weights", "4")])
            _ = try await store.completeJobIfRunning(request.id, token: claimed.token, completion: completion, now: time(1))
            let artifacts = try await store.artifacts(of: request.id)
            try expect(Set(artifacts.filter(\.isInput).map(\.reference.role)), equals: ["volume", "weights"])
            try expect(artifacts.filter { !$0.isInput }.map(\.reference), equals: completion.outputs)
        },
        ConformanceCheck("children are enqueued with their parent's end, once") { store in
            let claimed = try await running(store)
            var child = rehearsal(key: "\(claimed.record.id)/next", parents: [claimed.record.id])
            child.inputs = [artifact("volume")]
            _ = try await store.completeJobIfRunning(
                claimed.record.id, token: claimed.token, completion: Completion(children: [child]), now: time(1))
            try expect(try await store.children(of: claimed.record.id), equals: [child.id])
            try expect(try await state(store, child.id), equals: .queued)
            try expect(try await claim(store, at: 2).first?.inputs, equals: child.inputs)
        },
        ConformanceCheck("a job waits for the last of its parents") { store in
            let first = try await running(store)
            let second = try await running(store)
            let child = rehearsal(parents: [first.record.id, second.record.id])
            _ = try await store.enqueue([child], now: time(1))
            _ = try await store.completeJobIfRunning(first.record.id, token: first.token, completion: Completion(), now: time(2))
            try expect(try await state(store, child.id), equals: .waiting)
            _ = try await store.completeJobIfRunning(second.record.id, token: second.token, completion: Completion(), now: time(3))
            try expect(try await state(store, child.id), equals: .queued)
        },
        ConformanceCheck("jobs are listed newest first, by state, stage, tenant and number") { store in
            let requests = [rehearsal(), rehearsal(tenant: "other"), JobRequest(kind: .trainModel, tenant: "clinic")]
            for (second, request) in requests.enumerated() { _ = try await store.enqueue([request], now: time(Double(second))) }
            try expect(try await store.jobs(JobFilter()).map(\.id), equals: requests.map(\.id).reversed())
            try expect(try await store.jobs(JobFilter(stage: .training)).map(\.id), equals: [requests[2].id])
            try expect(try await store.jobs(JobFilter(tenant: "other")).map(\.id), equals: [requests[1].id])
            try expect(try await store.jobs(JobFilter(states: [.dead])).count, equals: 0)
            try expect(try await store.jobs(JobFilter(states: [.queued], limit: 2)).count, equals: 2)
        },
        ConformanceCheck("a job that does not exist is nil") { store in
            try expect(try await store.job(JobID()), equals: nil)
            try expect(try await store.cancelJob(JobID(), actor: "operator", now: time(0)), equals: nil)
        },
    ]
}
