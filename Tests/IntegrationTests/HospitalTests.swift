import Anatomy
import DIMSE
import Foundation
import JobEngine
import Persistence
import SegmentationObjects
import Storage
import TestSupport
import Testing
import Volumes

extension RunningSystemTests {
    /// Images from a scanner and an archive in, DICOM segmentations back.
    @Suite(.enabled(if: OrthancServer.isInstalled, "needs Debian's orthanc and orthanc-dicomweb")) struct HospitalTests {
        @Test func aScannersStudyComesBackToTheArchiveAsASegmentation() async throws {
            try await Hospital.with { hospital in
                let scan = try await hospital.phantom(501)
                let known = try await hospital.known(tenant: Hospital.radiology)
                try await hospital.send(scan.files, to: try hospital.node())
                try await hospital.declareComplete(scan.study, tenant: Hospital.radiology, instances: scan.files.count)
                let arrival = try await hospital.completed(tenant: Hospital.radiology, besides: known)
                #expect((arrival.instanceCount, arrival.signal) == (scan.files.count, .count))
                let study = try await hospital.ended(arrival)
                let jobs = try await hospital.system.jobs(of: study)
                #expect(study.state == .succeeded, "\(jobs.compactMap(\.failure))")
                #expect(jobs.count { $0.kind == .deliverSegmentation } == 2)

                // By C-STORE and by STOW-RS: the same object, so the archive has it once.
                let objects = try await hospital.archived(scan.study)
                #expect(objects["SEG"]?.count == 1)
                let labelMap = try #require(try await hospital.output(Role.labelMap, of: .segmentVolume, jobs))
                let labels = try NIfTI.readLabels(labelMap)
                let (folder, archive) = (hospital.orthanc.folder, try hospital.archive)
                let read = try await RunningSystem.onOwnThread {
                    var result: SegmentationReading?
                    _ = try archive.get(study: scan.study, into: folder) { instance in
                        result = (try? SegmentationObject.read(instance.file, on: labels.geometry, labelSet: .spine25)) ?? result
                        return .success
                    }
                    return try #require(result)
                }
                // Not the arrays themselves: a failure would print them.
                let isEqual = read.labels.voxels == labels.voxels
                #expect(isEqual)
                #expect(Set(read.segments.map(\.value)) == Set(labels.voxels).subtracting([0]))
                #expect(read.studyInstance == scan.study)
            }
        }

        @Test func aLateInstanceMakesARevisionAndCancelsTheOldJobs() async throws {
            try await Hospital.with { hospital in
                let scan = try await hospital.phantom(502)
                let system = hospital.system
                let known = try await hospital.known(tenant: Hospital.radiology)
                // The first revision waits at preprocessing, so that there is something to cancel.
                try await system.store.setPaused(true, stage: .preprocessing, actor: "test")
                do {
                    try await hospital.send(Array(scan.files.dropLast()), to: try hospital.node())
                    try await hospital.declareComplete(scan.study, tenant: Hospital.radiology)
                    let first = try await hospital.completed(tenant: Hospital.radiology, besides: known)
                    #expect((first.instanceCount, first.signal) == (scan.files.count - 1, .message))
                    let old = try #require(first.study)
                    try await eventually("the first revision waits at preprocessing") {
                        try await system.store.jobs(JobFilter(states: [.queued], stage: .preprocessing, study: old)).first
                    }
                    try await hospital.send([try #require(scan.files.last)], to: try hospital.node())
                    #expect(try await hospital.ended(first).state == .cancelled)
                    try await hospital.declareComplete(scan.study, tenant: Hospital.radiology)
                    let second = try await hospital.completed(tenant: Hospital.radiology, besides: known, revision: 2)
                    #expect(second.instanceCount == scan.files.count && second.studyKey == first.studyKey)
                    try await system.store.setPaused(false, stage: .preprocessing, actor: "test")
                    #expect(try await hospital.ended(second).state == .succeeded)
                } catch {
                    try await system.store.setPaused(false, stage: .preprocessing, actor: "test")
                    throw error
                }
            }
        }

        @Test(arguments: [("get", 511), ("move", 512), ("web", 513)])
        func aStudyIsFetchedFromTheArchive(by source: String, seed: UInt64) async throws {
            try await Hospital.with { hospital in
                let scan = try await hospital.phantom(seed)
                try await hospital.send(scan.files, to: try hospital.archive)
                let study = try await hospital.fetch(scan.study, from: source)
                let jobs = try await hospital.system.jobs(of: study)
                #expect(study.state == .succeeded, "\(jobs.compactMap(\.failure))")
                #expect(jobs.first?.kind == .retrieveStudy)
                let manifest = try #require(try await hospital.output(Role.instances, of: .retrieveStudy, jobs))
                let instances = try JSONDecoder().decode(InstanceManifest.self, from: Data(contentsOf: manifest)).instances
                #expect(instances.count == scan.files.count)
                #expect(try await hospital.archived(scan.study)["SEG"]?.count == 1)
            }
        }

        @Test func whatTheArchiveDoesNotHaveAndWhoMayNotAskIsSaid() async throws {
            try await Hospital.with { hospital in
                let unknown = try await hospital.fetch("1.2.3.4.5", from: "get")
                #expect(try await hospital.system.jobs(of: unknown).first?.failure?.code == "study-not-found")
                let elsewhere = try await hospital.fetch("1.2.3.4.5", from: "nowhere")
                #expect(try await hospital.system.jobs(of: elsewhere).first?.failure?.code == "source-not-allowed")
                let stranger = try hospital.node(as: "STRANGER")
                await #expect(throws: DIMSEError(.rejected, "")) { try await RunningSystem.onOwnThread { try stranger.echo() } }
            }
        }

        @Test func anIdentityStaysAtTheBorderAndComesBackWithTheResult() async throws {
            try await Hospital.with { hospital in
                let scan = try await hospital.phantom(7_700_110_055)
                let before = Set(try await hospital.system.objects.list().map(\.address))
                let known = try await hospital.known(tenant: Hospital.research)
                try await hospital.send(scan.files, to: try hospital.node(as: Hospital.scanner + "2"))
                try await hospital.declareComplete(scan.study, tenant: Hospital.research, instances: scan.files.count)
                let study = try await hospital.ended(try await hospital.completed(tenant: Hospital.research, besides: known))
                let jobs = try await hospital.system.jobs(of: study)
                #expect(study.state == .succeeded, "\(jobs.compactMap(\.failure))")

                // Nothing in storage, in the log, or in the tables of everybody knows who it was.
                for object in try await hospital.system.objects.list() where !before.contains(object.address) {
                    let bytes = try Data(contentsOf: try await hospital.system.objects.open(object))
                    for secret in [scan.patient, scan.study] { #expect(bytes.firstRange(of: Data(secret.utf8)) == nil) }
                }
                let logs = try hospital.system.logs()
                #expect(!logs.contains(scan.patient) && !logs.contains(scan.study))
                // The result went back under the identity that the archive knows.
                let objects = try await hospital.archived(scan.study)
                #expect(objects["SEG"]?.count == 1)
                let patient = try await hospital.patient(ofStudy: scan.study)
                #expect(patient == scan.patient)
            }
        }

        @Test func aRepeatedDeliveryStoresNothingAgain() async throws {
            try await Hospital.with { hospital in
                let scan = try await hospital.phantom(504)
                let known = try await hospital.known(tenant: Hospital.radiology)
                try await hospital.send(scan.files, to: try hospital.node())
                try await hospital.declareComplete(scan.study, tenant: Hospital.radiology, instances: scan.files.count)
                let study = try await hospital.ended(try await hospital.completed(tenant: Hospital.radiology, besides: known))
                let delivery = try #require(try await hospital.system.jobs(of: study).first { $0.kind == .deliverSegmentation })
                // As if the worker had died between the archive's answer and its note of it: the archive is asked, and nothing is sent.
                let key = "UPDATE columna.deliveries SET stored_at = NULL WHERE study = $1"
                _ = try await hospital.system.rows("test-forget-delivery", key, .uuid(study.id))
                var again = JobRequest(
                    kind: .deliverSegmentation, tenant: delivery.tenant, parameters: delivery.parameters, parents: [],
                    inputs: try await hospital.system.store.artifacts(of: delivery.id).filter(\.isInput).map(\.reference))
                again.study = study.id
                _ = try await hospital.system.store.enqueue([again])
                let job = try await hospital.system.endedJob(again.id)
                #expect(job.state == .succeeded, "\(job.failure?.description ?? "")")
                #expect(try await hospital.archived(scan.study)["SEG"]?.count == 1)
                let rows = try await hospital.system.rows(
                    "test-deliveries", "SELECT count(*) AS count FROM columna.deliveries WHERE study = $1 AND stored_at IS NOT NULL", .uuid(study.id))
                #expect(try rows[0].integer("count") >= 1)
            }
        }
    }
}

extension Hospital {
    func output(_ role: String, of kind: JobKind, _ jobs: [JobRecord]) async throws -> URL? {
        guard let job = jobs.first(where: { $0.kind == kind }) else { return nil }
        guard let reference = try await system.outputs(of: job.id).first(where: { $0.role == role }) else { return nil }
        return try await system.file(reference)
    }

    /// The patient's identifier as the archive says it, by its REST interface.
    func patient(ofStudy study: String) async throws -> String? {
        let folder = orthanc.folder.appending(path: "back")
        let archive = try archive
        return try await RunningSystem.onOwnThread {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            var patient: String?
            _ = try archive.get(study: study, into: folder) { instance in
                let bytes = (try? Data(contentsOf: instance.file)) ?? Data()
                if let found = bytes.firstRange(of: Data("phantom-".utf8)) {
                    patient = String(decoding: bytes[found.lowerBound...].prefix { ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x7A) || $0 == 0x2D }, as: UTF8.self)
                }
                return .success
            }
            return patient
        }
    }
}
