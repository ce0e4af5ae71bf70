import Foundation
import JobEngine
import Persistence
import Registry
import Storage
import Studies
import TestSupport
import Testing
import WorkerRuntime

/// What a worker does whose storage is not the database's, or whose machine fails every job.
@Suite(.enabled(if: ScriptedWorker.isPossible), .timeLimit(.minutes(2)))
struct UnmountedStorageTests {
    /// An NFS mount that failed at boot leaves an empty folder.
    @Test func aWorkerWithAnEmptyMountPointTakesNothingSaysSoAndGoesOnWhenItIsMounted() async throws {
        try await ScriptedWorker.withSystem(connections: 8) { database, storage in
            let mountPoint = storage.deletingLastPathComponent().appending(path: "\(storage.lastPathComponent)-mount")
            try FileManager.default.createDirectory(at: mountPoint, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: mountPoint) }
            let object = try await StoreLocation.store(at: storage).put(Data("voxels".utf8))
            let input = ArtifactReference(.volume, object)
            let read: @Sendable (JobContext) async throws -> Completion = { job in
                let file = try await job.input(.volume)
                let bytes = try Data(contentsOf: file)
                #expect(bytes == Data("voxels".utf8))
                return Completion(summary: "read")
            }

            let unmounted = try ScriptedWorker(database, storage: mountPoint, slots: 4, handler: read)
            await unmounted.log.wait(for: "error claiming no jobs")
            let jobs = (1...8).map { _ in JobRequest(kind: Rehearsal.kind, tenant: "ward", inputs: [input]) }
            _ = try await unmounted.store.enqueue(jobs)
            let mounted = try ScriptedWorker(database, storage: storage, handler: read)
            await mounted.log.wait(for: "debug job succeeded", count: 8)
            for request in jobs {
                let job = try #require(try await mounted.store.job(request.id))
                #expect(job.state == .succeeded)
                #expect(job.attempt == 1)
            }
            var notes: [String] = []
            while notes.isEmpty {
                notes = try await mounted.store.workers(heardOfWithin: 3600).map(\.note).filter { !$0.isEmpty }
            }
            #expect(notes.count == 1)
            #expect(notes.first?.contains("mount it there") == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: mountPoint.path).isEmpty)
            await mounted.stop()

            // Mounted at last.
            try FileManager.default.removeItem(at: mountPoint)
            try FileManager.default.createSymbolicLink(at: mountPoint, withDestinationURL: storage)
            await unmounted.log.wait(for: "notice claiming jobs again")
            let late = JobRequest(kind: Rehearsal.kind, tenant: "ward", inputs: [input])
            _ = try await unmounted.store.enqueue([late])
            await unmounted.log.wait(for: "debug job succeeded")
            await unmounted.stop()
        }
    }

    @Test func aWorkerWithAnotherStoreOrOneThatTheDatabaseDoesNotKnowClaimsNothing() async throws {
        try await TemporaryDatabase.with(connections: 6) { database async throws in
            let other = FileManager.default.temporaryDirectory.appending(path: "columna-other-\(UUID().uuidString)")
            _ = try await StoreLocation.store(at: other).make()
            defer { try? FileManager.default.removeItem(at: other) }
            let job = JobRequest(kind: Rehearsal.kind, tenant: "ward")
            _ = try await PostgresJobStore(pool: database.pool, bookkeeping: .studies).enqueue([job])

            let early = try ScriptedWorker(database, storage: other) { _ in Completion() }
            await early.log.wait(for: "the database knows no storage yet")
            let storage = try await ScriptedWorker.makeStorage(of: PostgresStoreRegistry(pool: database.pool))
            defer { try? FileManager.default.removeItem(at: storage) }
            let wrong = try ScriptedWorker(database, storage: other) { _ in Completion() }
            await wrong.log.wait(for: "the database's is")
            #expect(try await wrong.store.job(job.id)?.state == .queued)
            await early.stop()
            await wrong.stop()
        }
    }

    @Test func bytesThatAreMissingAreTheMachinesFaultAndAWorkerThatFailsInARowHolds() async throws {
        try await ScriptedWorker.withSystem { database, storage in
            let lost = ArtifactReference(
                role: "volume", address: .repeating("0"), byteCount: 6, mediaType: "x/y")
            let jobs = (1...6).map { _ in JobRequest(kind: Rehearsal.kind, tenant: "ward", inputs: [lost]) }
            let worker = try ScriptedWorker(database, storage: storage) { job in
                _ = try await job.input(.volume)
                return Completion()
            }
            _ = try await worker.store.enqueue(jobs)
            await worker.log.wait(for: "error claiming no jobs")
            await worker.stop()
            let records = try await jobs.asyncMap { try #require(try await worker.store.job($0.id)) }
            #expect(
                records.count {
                    $0.attempt == 1 && $0.failure?.class == .resource && $0.failure?.code == "storage-missing"
                } == 3)
            #expect(records.count { $0.attempt == 0 && $0.failure == nil } == 3)
            #expect(records.allSatisfy { $0.state != .dead })
        }
    }
}

extension Array {
    fileprivate func asyncMap<Result>(_ body: (Element) async throws -> Result) async throws -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
