import Documents
import Faults
import Foundation
import JobEngine
import Operations
import Persistence
import Registry
import Storage
import Studies
import TestSupport
import Testing

/// What concerns no single study: tenants, workers, storage, models.
@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct SystemTests {
    @Test func aTenantsLimitIsSetListedAndLifted() async throws {
        try await SystemFixture.with { fixture in
            try await fixture.system.limit(tenant: "radiology", to: 4)
            let limits = try await fixture.system.tenantLimits()
            #expect(limits.map(\.document.line) == [#"{"name": "radiology", "running_limit": 4}"#])
            try await fixture.system.limit(tenant: "radiology", to: nil)
            #expect(try await fixture.system.tenantLimits().isEmpty)
            for (tenant, limit) in [("Radiology A" as Tenant, 4), ("radiology", -1)] {
                let error = await #expect(throws: OperationError.self) {
                    try await fixture.system.limit(tenant: tenant, to: limit)
                }
                #expect(error?.code == .usage)
            }
        }
    }

    @Test func workersAreListedInTheOrderOfTheirStages() async throws {
        try await SystemFixture.with { fixture in
            for (stage, state) in [
                (Stage.inference, Worker.State.running), (.ingestion, .running), (.training, .stopped),
            ] {
                try await fixture.store.recordHeartbeat(
                    Worker(
                        id: "w-\(stage.rawValue)", stage: stage, host: "h", processID: 1, version: "1", slots: 2,
                        busySlots: 1, state: state))
            }
            try await fixture.store.setPaused(true, stage: .training, actor: "anna@desk")
            let report = try await WorkforceReport(heardOfWithin: 60, stopped: false, in: fixture.system)
            #expect(report.workers.map(\.id) == ["w-ingestion", "w-inference"])
            #expect(report.pausedStages == [.training] && report.dependencies.isEmpty)
            let all = try await WorkforceReport(heardOfWithin: 60, stopped: true, in: fixture.system)
            #expect(all.workers.count == 3)
            #expect(all.document.line.hasSuffix(#""paused_stages": ["training"], "dependencies": []}"#))
        }
    }

    @Test func whatTheDatabaseRefersToAndTheStorageLacksIsMissing() async throws {
        try await SystemFixture.with(storage: true) { fixture in
            let store = try fixture.system.storage
            _ = try await store.make()
            let kept = try await store.put(Data("kept".utf8))
            let lost = SystemFixture.artifact(ArtifactKind.volume.role, "a")
            _ = try await fixture.store.enqueue([
                JobRequest(kind: PreprocessVolume.kind, tenant: SystemFixture.tenant, inputs: [lost])
            ])
            let check = try await StorageCheck(nil, in: store, of: fixture.system.pool) { _, _, _ in }
            #expect(check.checked == 2 && check.intactBytes == 4 && check.referredTo == 1)
            #expect(check.problems.map(\.address) == [lost.address])
            #expect(
                check.document.line
                    == #"{"checked": 2, "referred_to": 1, "intact_bytes": 4, "problems": [{"address": "\#(lost.address)", "problem": "missing", "actual": null}]}"#
            )
            let named = try await StorageCheck([kept.address], in: store, of: nil) { _, _, _ in }
            #expect(named.checked == 1 && named.problems.isEmpty && named.referredTo == nil)
        }
    }

    @Test func ofTwoVerificationsOrderedAtOnceOneIsRefused() async throws {
        try await SystemFixture.with { fixture in
            let system = fixture.system
            let outcomes: [Result<Int, any Error>] = await withTaskGroup(of: Result<Int, any Error>.self) {
                group in
                for _ in 0..<2 {
                    group.addTask {
                        do { return .success(try await system.orderVerification().count) } catch {
                            return .failure(error)
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.compactMap { try? $0.get() } == [256])
            let refusal = #expect(throws: OperationError.self) { for one in outcomes { _ = try one.get() } }
            #expect(refusal?.code == .refused)
            #expect(refusal?.description.contains("256 of its 256 jobs are open") == true)
            let jobs = try await fixture.store.jobs(JobFilter(tenant: SystemConnection.housekeeping, limit: 1000))
            #expect(jobs.count == 256)
        }
    }

    @Test func aPartOfTheInventoryIsWhatBeginsWithItsDigits() async throws {
        try await SystemFixture.with(storage: true) { fixture in
            let store = try await fixture.storeOfItsOwn()
            let kept = try await store.put(Data("kept".utf8))
            let lost = SystemFixture.artifact(ArtifactKind.volume.role, "a")
            _ = try await fixture.store.enqueue([
                JobRequest(kind: PreprocessVolume.kind, tenant: SystemFixture.tenant, inputs: [lost])
            ])
            let lookup = Lookup(pool: fixture.system.pool)
            let all = try await lookup.inventory(of: store)
            #expect(all.addresses == [kept.address, lost.address])
            var parts: [ContentAddress] = []
            for part in VerifyObjects.parts {
                parts += try await lookup.inventory(of: store, beginningWith: part.firstDigits).addresses
            }
            #expect(Set(parts) == Set(all.addresses) && parts.count == 2)
        }
    }

    @Test func resultsAreCopiedUnderNamesThatViewersOpenAndFormerOnesGo() async throws {
        try await SystemFixture.with(storage: true) { fixture in
            let stored = try await fixture.storeOfItsOwn().put(Data("labels".utf8))
            let (study, _) = try await fixture.queuedStudy()
            let labels = ArtifactReference(
                role: ArtifactKind.labelMap.role, address: stored.address, byteCount: stored.byteCount,
                mediaType: "x")
            try await fixture.end(.ingestion, Completion(outputs: [labels]))
            let folder = FileManager.default.temporaryDirectory.appending(path: "results-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("{}".utf8).write(to: folder.appending(path: "metrics.json"))
            let copied = try await StudyReport(study, in: fixture.system).copyResults(to: folder)
            #expect(copied.map(\.role) == [ArtifactKind.labelMap.role])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["label-map.nii.gz"])
            #expect(try Data(contentsOf: copied[0].file) == Data("labels".utf8))
            let report = try await StudyReport(study, in: fixture.system)
            let error = #expect(throws: OperationError.self) { try report.requireMetrics() }
            #expect(error?.code == .missing)
        }
    }

    @Test func anEmptySystemIsBroughtUpToThisVersionOnce() async throws {
        try await SystemFixture.with(storage: true, isMigrated: false) { fixture in
            #expect(try await !fixture.system.migrate().migrations.isEmpty)
            #expect(try await fixture.system.migrate() == Migrator.Changes())
            let made = try await fixture.system.adoptStorage()
            guard case .made(let identity) = made else {
                Issue.record("the new store was \(made)")
                return
            }
            #expect(try await fixture.system.adoptStorage() == .known(identity))
        }
    }

    @Test func anArrivalIsListedInItsState() async throws {
        try await SystemFixture.with { fixture in
            let arrivals = PostgresArrivals(pool: fixture.system.pool)
            let key = ArrivalKey(keyed: "k", former: "f")
            let instance = IncomingInstance(
                study: key, series: key, instance: key, address: .repeating("a"),
                byteCount: 7)
            _ = try await arrivals.receive(instance, tenant: "radiology", maySupersede: true)
            let found = try await fixture.system.arrivals(tenant: "radiology", states: [.open], limit: 5)
            #expect(found.map(\.studyKey) == ["k"])
            #expect(found[0].document.line.contains(#""revision": 1, "state": "open", "instance_count": 1"#))
            #expect(try await fixture.system.arrivals(tenant: nil, states: [.complete], limit: 5).isEmpty)
        }
    }
}
