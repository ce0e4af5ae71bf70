import DICOMDictionary
import Anatomy
import DICOMObjects
import DIMSE
import Foundation
import JobEngine
import Messaging
import Persistence
import DICOMSegmentations
import Registry
import Storage
import TestSupport
import Studies
import Testing
import Threads
import Volumes

extension RunningSystemTests {
    /// Images from a scanner and an archive in, DICOM segmentations back.
    @Suite(.enabled(if: OrthancServer.isInstalled, "needs Debian's orthanc and orthanc-dicomweb")) struct HospitalTests
    {
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
                #expect(jobs.count { $0.kind == DeliverSegmentation.kind } == 2)

                // By C-STORE and by STOW-RS: the same object, so the archive has it once.
                let objects = try await hospital.archived(scan.study)
                #expect(objects["SEG"]?.count == 1)
                let labelMap = try #require(
                    try await hospital.output(ArtifactKind.labelMap.role, of: SegmentVolume.kind, jobs))
                let labels = try NIfTI.readLabels(labelMap)
                let (folder, archive) = (hospital.orthanc.folder, try hospital.archive)
                let read = try await OwnThread.run {
                    var result: SegmentationReading?
                    _ = try archive.get(study: scan.study, into: folder) { instance in
                        result =
                            (try? SegmentationObject.read(instance.file, on: labels.geometry, labelSet: .spine25))
                            ?? result
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
                        try await system.store.jobs(JobFilter(states: [.queued], stage: .preprocessing, study: old))
                            .first
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
                #expect(jobs.first?.kind == RetrieveStudy.kind)
                let manifest = try #require(
                    try await hospital.output(ArtifactKind.instances.role, of: RetrieveStudy.kind, jobs))
                let instances = try JSONDecoder().decode(InstanceManifest.self, from: Data(contentsOf: manifest))
                    .instances
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
                await #expect(throws: DIMSEError(.rejected, "")) {
                    try await OwnThread.run { try stranger.echo() }
                }
            }
        }

        @Test func aStudyThatNothingCanSegmentIsNotEvenFetched() async throws {
            try await Hospital.with { hospital in
                let scan = try await hospital.phantom(521)
                try await hospital.send(scan.files, to: try hospital.archive)
                let known = try await hospital.known(tenant: Hospital.radiology)
                _ = try await hospital.draft("nobodys")
                for (model, code) in [
                    ("tiny@99" as ModelReference, "model-not-found"), ("nobodys", "model-not-promoted"),
                ] {
                    let study = try await hospital.fetch(scan.study, from: "get", model: model)
                    let jobs = try await hospital.system.jobs(of: study)
                    #expect(jobs.map(\.kind) == [RetrieveStudy.kind] && jobs.first?.failure?.code == code)
                }
                #expect(try await hospital.known(tenant: Hospital.radiology) == known)
                let refused = try await hospital.system.columna([
                    "fetch", scan.study, "--from", "get", "--tenant", Hospital.radiology.rawValue, "--model", "nobodys",
                ])
                #expect(
                    refused.status == 1 && refused.errors.contains("columna models promote nobodys@"),
                    "\(refused.errors)")
            }
        }

        /// What a training left runs where somebody asks for it by its whole name, and stays out of the archive until
        /// somebody answers for it.
        @Test func whatNoPromotedVersionMadeIsHeldUntilItIsPromoted() async throws {
            try await Hospital.with { hospital in
                let scan = try await hospital.phantom(522)
                try await hospital.send(scan.files, to: try hospital.archive)
                let draft = try await hospital.draft()
                let study = try await hospital.fetch(scan.study, from: "get", model: draft)
                let jobs = try await hospital.system.jobs(of: study)
                #expect(study.state == .succeeded, "\(jobs.compactMap(\.failure))")
                #expect(try await hospital.archived(scan.study)["SEG"] == nil)
                let held = try await hospital.held(study)
                #expect(
                    held.count == 2 && held.allSatisfy { $0.held.cause == .modelNotPromoted && $0.held.model == draft })
                let listed = try await hospital.system.columna([
                    "deliveries", "list", "--tenant", Hospital.radiology.rawValue, "--json",
                ])
                #expect(
                    listed.output.contains(held[0].job.description)
                        && listed.output.contains("is not the promoted version"))
                let ids = held.map(\.job.description)
                let early = try await hospital.system.columna(["deliveries", "release"] + ids)
                #expect(
                    early.status == 1 && early.errors.contains("columna models promote \(draft)"), "\(early.errors)")
                #expect(try await hospital.system.columna(["models", "promote", draft.rawValue]).status == 0)
                #expect(try await hospital.system.columna(["deliveries", "release"] + ids).status == 0)
                for one in try await hospital.held(study) {
                    _ = try await hospital.system.endedJob(try #require(one.releaseJob))
                }
                #expect(try await hospital.archived(scan.study)["SEG"]?.count == 1)
            }
        }

        @Test func whatNeedsReviewWaitsOrSaysSoAsTheTenantWantsIt() async throws {
            try await Hospital.with { hospital in
                let scan = try await hospital.phantom(523)
                try await hospital.send(scan.files, to: try hospital.archive)
                let waiting = try await hospital.fetch(scan.study, from: "get", tenant: Hospital.careful)
                let jobs = try await hospital.system.jobs(of: waiting)
                #expect(waiting.state == .succeeded, "\(jobs.compactMap(\.failure))")
                let held = try #require(try await hospital.held(waiting).first)
                #expect(held.held.cause == .needsReview && !held.held.reasons.isEmpty)
                #expect(try await hospital.archived(scan.study)["SEG"] == nil)
                let released = try await hospital.system.columna(["deliveries", "release", held.job.description])
                #expect(released.status == 0, "\(released.errors)")
                _ = try await hospital.system.endedJob(try #require(try await hospital.held(waiting).first?.releaseJob))
                let descriptions = try await hospital.descriptions(ofSegmentationsOf: scan.study)
                #expect(descriptions == ["NEEDS REVIEW: segmentation by tiny 1"])
                // The other tenant's policy is to mark: the same bytes, sent at once. Nobody named a model, so it is
                // the tenant's.
                let marked = try await hospital.fetch(scan.study, from: "get")
                #expect(marked.state == .succeeded)
                #expect(try await hospital.held(marked).isEmpty)
            }
        }

        @Test func aTenantReadsBelowItsOwnRootsOnly() async throws {
            try await Hospital.with { hospital in
                let own = hospital.system.inputs.appending(path: "careful/study.nii.gz")
                let others = hospital.system.inputs.appending(path: "others.nii.gz")
                try FileManager.default.createDirectory(
                    at: own.deletingLastPathComponent(), withIntermediateDirectories: true)
                for file in [own, others] { try NIfTI.write(BadInput.volume, to: file) }
                for (path, tenant, code) in [
                    (own, Hospital.careful, nil), (others, Hospital.careful, "path-outside-roots"),
                    (own, Hospital.radiology, "path-outside-roots"),
                ] {
                    let id = UUID().uuidString
                    let submission = StudySubmission(
                        sender: IntakeSender(tenant: tenant, source: "hospital/ris", messageID: id),
                        order: StudyOrder(pipeline: .segment),
                        priority: .urgent, path: path.path)
                    #expect(try await hospital.system.publish(submission.message()) == .confirmed)
                    let study = try await hospital.system.endedStudy(messageID: id, tenant: tenant)
                    #expect(try await hospital.system.jobs(of: study).first?.failure?.code == code)
                }
            }
        }

        @Test func anIdentityStaysAtTheBorderAndComesBackWithTheResult() async throws {
            try await Hospital.with { hospital in
                let scan = try await hospital.phantom(7_700_110_055)
                let before = Set(try await hospital.system.objects.list().map(\.address))
                let known = try await hospital.known(tenant: Hospital.research)
                try await hospital.send(scan.files, to: try hospital.node(as: Hospital.scanner + "2"))
                try await hospital.declareComplete(scan.study, tenant: Hospital.research, instances: scan.files.count)
                let study = try await hospital.ended(
                    try await hospital.completed(tenant: Hospital.research, besides: known))
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
                let study = try await hospital.ended(
                    try await hospital.completed(tenant: Hospital.radiology, besides: known))
                let delivery = try #require(
                    try await hospital.system.jobs(of: study).first { $0.kind == DeliverSegmentation.kind })
                // As if the worker had died between the archive's answer and its note of it: the archive is asked, and
                // nothing is sent.
                let key = "UPDATE columna.deliveries SET stored_at = NULL WHERE study = $1"
                _ = try await hospital.system.rows("test-forget-delivery", key, .uuid(study.id))
                let again = try JobRequest(
                    DeliverSegmentation(of: delivery), tenant: delivery.tenant,
                    parents: await hospital.system.store.parents(of: delivery.id),
                    inputs: await hospital.system.store.artifacts(of: delivery.id).filter(\.isInput).map(
                        \.reference), study: study.id)
                _ = try await hospital.system.store.enqueue([again])
                let job = try await hospital.system.endedJob(again.id)
                #expect(job.state == .succeeded, "\(job.failure?.description ?? "")")
                #expect(try await hospital.archived(scan.study)["SEG"]?.count == 1)
                let rows = try await hospital.system.rows(
                    "test-deliveries",
                    "SELECT count(*) AS count FROM columna.deliveries WHERE study = $1 AND stored_at IS NOT NULL",
                    .uuid(study.id))
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

    /// A version of a model that nobody has promoted, with the tiny model's weights.
    func draft(_ name: String = "draft") async throws -> ModelReference {
        let tiny = try await TinyModel.version
        let version = try await system.catalog.registerModel(
            ModelVersionDraft(
                name: name, weights: tiny.weights, planJSON: tiny.planJSON, recipeJSON: tiny.recipeJSON, dataSet: nil,
                validationDice: nil),
            actor: "test")
        return ModelReference(name: name, version: version)
    }

    func held(_ study: Study) async throws -> [HeldDeliveryRecord] {
        try await PostgresHeldDeliveries(pool: system.pool).heldDeliveries(
            tenant: study.tenant, waiting: false, limit: 1000
        ).filter { $0.study == study.id }
    }

    /// What the archive says of a study's segmentations in its list of series.
    func descriptions(ofSegmentationsOf study: String) async throws -> [String] {
        let archive = try archive
        let folder = orthanc.folder.appending(path: "segmentations-\(UUID().uuidString)")
        return try await OwnThread.run {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            var found: [String] = []
            _ = try archive.get(study: study, into: folder) { instance in
                if let dataset = try? DICOMObject(file: instance.file).dataset, dataset.text(.modality) == "SEG" {
                    found.append(dataset.text(.seriesDescription) ?? "")
                }
                return .success
            }
            return found
        }
    }

    /// The patient's identifier as the archive says it, by its REST interface.
    func patient(ofStudy study: String) async throws -> String? {
        let folder = orthanc.folder.appending(path: "back")
        let archive = try archive
        return try await OwnThread.run {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            var patient: String?
            _ = try archive.get(study: study, into: folder) { instance in
                let bytes = (try? Data(contentsOf: instance.file)) ?? Data()
                if let found = bytes.firstRange(of: Data("phantom-".utf8)) {
                    patient = String(
                        decoding: bytes[found.lowerBound...].prefix {
                            ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x7A) || $0 == 0x2D
                        }, as: UTF8.self)
                }
                return .success
            }
            return patient
        }
    }
}
