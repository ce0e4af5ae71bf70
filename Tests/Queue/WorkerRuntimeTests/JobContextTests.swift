import Foundation
import JobEngine
import Storage
import Studies
import TestSupport
import Testing
import WorkerRuntime

/// What a handler sees of the engine, over the in-memory store and a folder.
@Suite(.timeLimit(.minutes(2))) struct JobContextTests {
    private var scene = ScriptedRun()
    private let storage: URL
    private let parent = JobRequest(kind: Rehearsal.kind, tenant: "ward")
    private var child: JobRequest { JobRequest(kind: Rehearsal.kind, tenant: "ward", parents: [parent.id]) }

    init() async throws {
        storage = try await ScriptedWorker.makeStorage(of: MemoryStoreRegistry())
        scene.objects = StoreLocation.store(at: storage)
    }

    private func removeStorage() { try? FileManager.default.removeItem(at: storage) }

    @Test func whatAParentWroteIsReadAndStandsAmongTheInputs() async throws {
        defer { removeStorage() }
        try await scene.run(parent) { job in
            let labels = try await job.store(.truth, Data("labels".utf8))
            return Completion(outputs: [labels])
        }
        let (request, log) = (child, scene.log)
        let job = try await scene.run(request) { job in
            log.note(String(decoding: try Data(contentsOf: try await job.input(.truth)), as: UTF8.self))
            return Completion()
        }
        #expect(job.state == .succeeded)
        #expect(scene.log.lines.contains("labels"))
        let inputs = await scene.store.artifacts(of: job.id).filter(\.isInput).map(\.reference.role)
        #expect(inputs == ["truth"])
    }

    @Test func anInputThatNobodyWroteIsNamed() async throws {
        defer { removeStorage() }
        let job = try await scene.run { job in
            #expect(try await job.optionalInput(.volume) == nil)
            _ = try await job.input(.volume)
            return Completion()
        }
        #expect(job.failure?.code == "input-missing")
        #expect(job.failure?.reason.contains("'volume'") == true)
        #expect(job.state == .dead)
    }

    @Test func progressIsStoredWithTheNextRenewal() async throws {
        defer { removeStorage() }
        let (keeper, store) = (scene.keeper, scene.store)
        try await scene.run { job in
            try job.progress(0.5, "half")
            await keeper.renew(now: .now)
            let record = await store.job(job.record.id)
            #expect(record?.progress == 0.5)
            #expect(record?.progressNote == "half")
            return Completion()
        }
    }

    @Test func whoReportsProgressIsToldToStop() async throws {
        defer { removeStorage() }
        let (keeper, store) = (scene.keeper, scene.store)
        let job = try await scene.run { job in
            _ = try await store.cancelJob(job.record.id, actor: "tester")
            await keeper.renew(now: .now)
            try job.progress(0.5, "half")
            return Completion()
        }
        #expect(job.state == .cancelled)
    }

    @Test func aCheckpointUnderALeaseThatIsAnothersStopsTheHandler() async throws {
        defer { removeStorage() }
        let (clock, store) = (scene.clock, scene.store)
        let job = try await scene.run { job in
            clock.advance(bySeconds: 61)
            _ = try await store.sweep(everySeconds: 5)
            let weights = try await job.store(.checkpoint, Data("weights".utf8))
            try await job.record(checkpoints: [weights])
            return Completion(summary: "never")
        }
        #expect(job.progressNote != "never")
        #expect(await scene.store.artifacts(of: job.id).isEmpty)
    }

    @Test func anOutputThatCannotBeWrittenIsTheMachinesFault() async throws {
        defer { removeStorage() }
        struct Full: Error {}
        let job = try await scene.run { job in
            Completion(outputs: [try await job.store(.volume) { _ in throw Full() }])
        }
        #expect(job.failure?.class == .resource)
    }
}
