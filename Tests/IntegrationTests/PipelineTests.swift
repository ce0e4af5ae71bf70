import DICOMSeries
import Foundation
import JobEngine
import LocalServices
import Messaging
import Persistence
import Phantoms
import Studies
import TestSupport
import Testing
import Volumes

extension RunningSystemTests {
    /// One study end to end: a message in, a labelled spine and metrics out.
    @Suite struct PipelineTests {
        @Test func aStudyGoesThroughAllStagesAndSucceeds() async throws {
            let run = try await PipelineRun.shared
            #expect(run.study.state == .succeeded)
            #expect(
                run.jobs.map(\.kind) == [
                    IngestStudy.kind, PreprocessVolume.kind, SegmentVolume.kind, EvaluateSegmentation.kind,
                ])
            for job in run.jobs {
                #expect(job.state == .succeeded, "\(job.kind.rawValue): \(job.failure?.description ?? "")")
                #expect(job.attempt == 1 && job.priority == .urgent && job.tenant == PipelineRun.tenant)
            }
        }

        @Test func theLabelMapLiesOnExactlyTheGridOfTheCT() async throws {
            let (system, run) = (try await RunningSystem.shared, try await PipelineRun.shared)
            let labels = try NIfTI.readLabels(
                try await system.file(run.output(SegmentVolume.kind, ArtifactKind.labelMap.role, system)))
            let volume = try NIfTI.readImage(
                try await system.file(run.output(IngestStudy.kind, ArtifactKind.volume.role, system)))
            #expect(labels.geometry == volume.geometry)
            let series = try DICOMReader.readSeries(at: run.ct)
            #expect(labels.geometry.isSameGrid(as: series.volume.geometry))
            #expect(labels.geometry.size == TinyModel.phantom.size)
            #expect(volume.voxels == series.volume.voxels, "Hounsfield units arrive as they were sent")
            #expect(labels.voxels.allSatisfy { $0 <= 25 })
        }

        @Test func thePictureIsAPNG() async throws {
            let (system, run) = (try await RunningSystem.shared, try await PipelineRun.shared)
            let picture = try await run.output(SegmentVolume.kind, ArtifactKind.picture.role, system)
            let bytes = try Data(contentsOf: try await system.file(picture))
            #expect(picture.mediaType == "image/png")
            #expect(bytes.prefix(8) == Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
            #expect(bytes.count == picture.byteCount && bytes.suffix(8).prefix(4) == Data("IEND".utf8))
        }

        @Test func theHospitalGetsTheResultOnItsQueue() async throws {
            let (system, run) = (try await RunningSystem.shared, try await PipelineRun.shared)
            let reply = try await eventually("the reply arrives") {
                try await system.answers(run.replyQueue).first { !$0.type.hasSuffix(".accepted.v1") }?.delivery
            }
            #expect(reply.properties.correlationID == "request-17")
            let event = try JSONDecoder().decode(Event<StudyResult>.self, from: Data(reply.body))
            #expect(event.type == "dev.columna.study.succeeded.v1" && event.specversion == "1.0")
            #expect(event.data.state == .succeeded && event.data.study == run.study.id.description)
            #expect(event.data.classes.count == 25)
            let judgement = try await system.catalog.judgement(of: run.job(SegmentVolume.kind).id)
            #expect(try event.data.review == StudyResult.Review(#require(judgement)))
            let labelMap = try await run.output(SegmentVolume.kind, ArtifactKind.labelMap.role, system)
            #expect(
                event.data.artifacts.contains {
                    $0.role == ArtifactKind.labelMap.role && $0.address == labelMap.address
                })
            #expect(
                try await system.answers(run.replyQueue).map(\.type) == ["dev.columna.study.accepted.v1", event.type])
        }

        @Test func everyClassHasARowAndAbsentClassesHaveNoRatios() async throws {
            let (system, run) = (try await RunningSystem.shared, try await PipelineRun.shared)
            let rows = try await system.rows(
                "test-metrics",
                "SELECT * FROM analytics.case_metrics WHERE study = $1 AND variant = 'delivered' ORDER BY class_value",
                .uuid(run.study.id))
            #expect(try rows.map { try $0.integer("class_value") } == Array(1...25))
            let truth = try NIfTI.readLabels(run.ct.deletingLastPathComponent().appending(path: "labels.nii.gz"))
            let present = Set(truth.voxels)
            for row in rows {
                let value = try row.integer("class_value")
                #expect(try row.boolean("in_truth") == present.contains(UInt8(value)))
                #expect(try row.string("model_version") == run.model.reference.rawValue)
                let ratios = try ["dice", "iou", "sensitivity", "precision"].map { try row.optionalDouble($0) }
                let presence = try row.string("presence")
                if presence == "absent" { #expect(ratios.allSatisfy { $0 == nil }, "class \(value)") }
                if try row.boolean("in_truth") { #expect(ratios[0] != nil && presence != "absent") }
            }
            #expect(
                try rows.contains { try $0.string("presence") == "absent" }, "a phantom of three vertebrae lacks some")
        }

        @Test func theSegmentationIsJudgedWithoutTheTruth() async throws {
            let (system, run) = (try await RunningSystem.shared, try await PipelineRun.shared)
            let job = try run.job(SegmentVolume.kind)
            let judgement = try #require(try await system.catalog.judgement(of: job.id))
            let labels = try NIfTI.readLabels(
                try await system.file(run.output(SegmentVolume.kind, ArtifactKind.labelMap.role, system)))
            #expect(
                judgement.study == run.study.id && judgement.modelVersion == run.model.reference
                    && judgement.repairs == nil)
            #expect(judgement.classes.map(\.value) == Set(labels.voxels).subtracting([0]).sorted().map(Int.init))
            for row in judgement.classes {
                #expect(row.voxels == labels.voxels.count { Int($0) == row.value })
                // A class that won on the network's grid was more or less sure.
                #expect((row.meanEntropy == nil) == (row.meanConfidence == nil))
            }
            let review = try await system.rows(
                "test-review",
                "SELECT needs_review, cardinality(reasons)::bigint AS reasons FROM analytics.segmentation_review WHERE study = $1",
                .uuid(run.study.id))
            #expect(try review.map { try $0.boolean("needs_review") } == [judgement.needsReview])
            #expect(try review[0].integer("reasons") == judgement.reasons.count)
            #expect(job.progressNote.contains("needs review") == judgement.needsReview)
            let shown = try await system.columna(["jobs", "show", job.id.description])
            #expect(shown.status == 0 && shown.errors.isEmpty)
            for reason in judgement.reasons { #expect(shown.output.contains("needs review: \(reason)")) }
            for row in judgement.classes { #expect(shown.output.contains(row.name)) }
        }

        /// As the network names: what the tiny model leaves is noise, in which anatomy's names hang on the last digits of
        /// an affine, and the worker's has been through a file of single precision.
        @Test func theCommandLineJudgesAsTheWorkerDoes() async throws {
            let (system, run) = (try await RunningSystem.shared, try await PipelineRun.shared)
            let messageID = "as-on-the-command-line"
            let body = String(decoding: run.body, as: UTF8.self)
                .replacing("\"model\"", with: "\"names\": \"network\", \"model\"")
                .replacing(run.messageID, with: messageID)
            _ = try await system.publishStudy(Array(body.utf8), tenant: "command-line", messageID: messageID)
            let study = try await system.endedStudy(messageID: messageID, tenant: "command-line")
            let job = try #require(try await system.jobs(of: study).first { $0.kind == SegmentVolume.kind })
            let (model, labels) = (
                system.inputs.appending(path: "tiny.safetensors"), system.inputs.appending(path: "judged.nii.gz")
            )
            let exported = try await system.columna([
                "models", "export", run.model.reference.rawValue, "-o", model.path,
            ])
            #expect(exported.status == 0, "\(exported.errors)")
            let result = try await system.columna([
                "segment", run.ct.path, "-o", labels.path, "--model", model.path, "--names", "network", "--json",
            ])
            #expect(result.status == 0, "\(result.errors)")
            let document = try JSONDecoder().decode(Judged.self, from: Data(result.output.utf8))
            let judgement = try #require(try await system.catalog.judgement(of: job.id))
            #expect(document.needs_review == judgement.needsReview && document.repairs == nil)
            #expect(document.findings.map(\.sentence) == judgement.findings.map(\.sentence))
            #expect(document.findings.map(\.kind) == judgement.findings.map(\.kind))
        }

        /// The same study with repair: what was repaired is the label map of the other, and the evaluation gets both.
        @Test func aRepairIsRecordedAndTheLabelMapBeforeItKept() async throws {
            let (system, run) = (try await RunningSystem.shared, try await PipelineRun.shared)
            let body = String(decoding: run.body, as: UTF8.self).replacing(
                "\"model\"", with: "\"repair\": true, \"model\""
            )
            .replacing(run.messageID, with: "repaired")
            _ = try await system.publishStudy(Array(body.utf8), tenant: "repairing-clinic", messageID: "repaired")
            let study = try await system.endedStudy(messageID: "repaired", tenant: "repairing-clinic")
            #expect(study.state == .succeeded)
            let jobs = try await system.jobs(of: study)
            let segmentation = try #require(jobs.first { $0.kind == SegmentVolume.kind })
            let repairs = try #require(try await system.catalog.judgement(of: segmentation.id)?.repairs)
            let outputs = try await system.outputs(of: segmentation.id)
            let before = try await run.output(SegmentVolume.kind, ArtifactKind.labelMap.role, system)
            let after = try #require(outputs.first { $0.role == ArtifactKind.labelMap.role })
            let unrepaired = outputs.first { $0.role == ArtifactKind.unrepairedLabelMap.role }
            // The other's names are anatomy's too: what the network left is kept there, if they are others.
            let left =
                try await system.outputs(of: run.job(SegmentVolume.kind).id)
                .first { $0.role == ArtifactKind.unrepairedLabelMap.role }?.address ?? before.address
            let isChanged = after.address != left
            #expect(unrepaired?.address == (isChanged ? left : nil))
            #expect((after.address == before.address) == repairs.isEmpty)
            let evaluation = try #require(jobs.first { $0.kind == EvaluateSegmentation.kind })
            let inputs = try await system.store.artifacts(of: evaluation.id).filter(\.isInput).map(\.reference)
            #expect(inputs.contains { $0.role == ArtifactKind.unrepairedLabelMap.role } == isChanged)
        }

        /// Once by anatomy, which is the usual, and once as the network has them: the result says which.
        @Test func whereNamesComeFromIsRecorded() async throws {
            let (system, run) = (try await RunningSystem.shared, try await PipelineRun.shared)
            let body = String(decoding: run.body, as: UTF8.self).replacing(
                "\"model\"", with: "\"names\": \"network\", \"model\""
            )
            .replacing(run.messageID, with: "as-the-network-says")
            _ = try await system.publishStudy(Array(body.utf8), tenant: "other-names", messageID: "as-the-network-says")
            let study = try await system.endedStudy(messageID: "as-the-network-says", tenant: "other-names")
            #expect(study.state == .succeeded)
            for (study, names) in [(run.study.id, "anatomy"), (study.id, "network")] {
                let rows = try await system.rows(
                    "test-names", "SELECT names FROM analytics.segmentation_review WHERE study = $1", .uuid(study))
                #expect(try rows.map { try $0.string("names") } == [names])
            }
            let segmentation = try #require(try await system.jobs(of: study).first { $0.kind == SegmentVolume.kind })
            let kinds = try #require(try await system.catalog.judgement(of: segmentation.id)).findings.map(\.kind)
            #expect(!kinds.contains { $0.hasPrefix("names-") }, "\(kinds)")
        }

        @Test func theLineageLeadsFromTheMetricsBackToTheStudyAndTheModel() async throws {
            let (system, run) = (try await RunningSystem.shared, try await PipelineRun.shared)
            // As an analyst walks: from the evaluation to whoever wrote what was read.
            let rows = try await system.rows(
                "test-lineage",
                """
                WITH RECURSIVE walk AS (
                    SELECT $1::uuid AS job
                    UNION
                    SELECT lineage.producing_job FROM analytics.job_lineage AS lineage JOIN walk ON lineage.job = walk.job
                    WHERE lineage.producing_job IS NOT NULL
                )
                SELECT lineage.kind::text AS kind, lineage.direction::text AS direction, role, address, model_version, code_version
                FROM analytics.job_lineage AS lineage JOIN walk ON lineage.job = walk.job
                """, .uuid(try run.job(EvaluateSegmentation.kind).id.uuid))
            let found = try rows.map {
                [
                    try $0.string("kind"), try $0.optionalString("direction"), try $0.optionalString("role"),
                    try $0.optionalString("address"),
                ]
            }
            let volume = try await run.output(IngestStudy.kind, ArtifactKind.volume.role, system)
            #expect(found.contains(["ingest-study", "output", ArtifactKind.volume.role, volume.address.rawValue]))
            let weights = run.model.weights.address.rawValue
            #expect(found.contains(["segment-volume", "input", ArtifactKind.weights.role, weights]))
            #expect(
                found.contains(["train-model", "output", ArtifactKind.weights.role, weights]),
                "and on to the training")
            #expect(found.contains { $0[0] == "train-model" && $0[1] == "input" }, "and its cases")
            #expect(try rows.contains { try $0.optionalString("model_version") == run.model.reference.rawValue })
            #expect(try rows.allSatisfy { try $0.optionalString("code_version")?.isEmpty == false })
            let walked = try await system.columna(["lineage", try run.job(EvaluateSegmentation.kind).id.description])
            #expect(
                walked.status == 0 && walked.output.contains(volume.address.hex.prefix(8)), "\(walked.errors)")
        }

        @Test func anAnalystReadsTheViewsAndNothingElse() async throws {
            let (system, run) = (try await RunningSystem.shared, try await PipelineRun.shared)
            let analyst = PostgresPool(url: system.environment.analystURL, size: 1)
            let metrics = try await analyst.run(
                Statement(
                    "analyst-metrics",
                    "SELECT count(*) AS count FROM analytics.case_metrics WHERE study = $1 AND variant = 'delivered'")(
                        .uuid(run.study.id)))
            #expect(try metrics[0].integer("count") == 25)
            for table in ["jobs", "studies", "class_metrics", "artifacts", "outbox"] {
                let error = await #expect(throws: PostgresError.self) {
                    _ = try await analyst.run(Statement("analyst-\(table)", "SELECT count(*) FROM columna.\(table)")())
                }
                #expect(error?.sqlState == "42501", "columna.\(table)")
            }
            let parameters = try await analyst.run(
                Statement(
                    "analyst-parameters",
                    "SELECT DISTINCT parameters::text AS parameters FROM analytics.job_lineage WHERE study = $1")(
                        .uuid(run.study.id)))
            for row in parameters {
                let text = try row.string("parameters")
                #expect(text.contains("\"pipeline\""), "analysts see what was ordered")
                #expect(!text.contains("held-out"), "but no names of the hospital's files")
            }
            #expect(!parameters.isEmpty)
            await analyst.close()
        }

        @Test func theSameMessageAHundredTimesIsTheSameStudy() async throws {
            let (system, run) = (try await RunningSystem.shared, try await PipelineRun.shared)
            #expect(
                try await system.publishStudy(
                    run.body, tenant: PipelineRun.tenant, messageID: run.messageID, copies: 100) == .confirmed)
            // Behind them in the same queue: when this one has ended, the repeats were taken.
            let other = String(decoding: run.body, as: UTF8.self).replacing(
                "\"model\": \"tiny\"", with: "\"model\": \"none\""
            )
            .replacing(run.messageID, with: "hospital-0002")
            _ = try await system.publishStudy(Array(other.utf8), tenant: PipelineRun.tenant, messageID: "hospital-0002")
            _ = try await system.endedStudy(messageID: "hospital-0002", tenant: PipelineRun.tenant)
            #expect(try await system.jobs(of: run.study).map(\.id) == run.jobs.map(\.id))
            let studies = try await system.rows(
                "test-studies", "SELECT id FROM columna.studies WHERE message_id = $1", .text(run.messageID))
            #expect(studies.count == 1)
        }

        @Test func theSameStudyGivesTheSameBytes() async throws {
            let (system, run) = (try await RunningSystem.shared, try await PipelineRun.shared)
            _ = try await system.publishStudy(run.body, tenant: "other-clinic", messageID: "again")
            let again = try await system.endedStudy(messageID: run.messageID, tenant: "other-clinic")
            #expect(again.state == .succeeded && again.id != run.study.id)
            let second = try await system.jobs(of: again)
            for (kind, roles) in [
                (IngestStudy.kind, [ArtifactKind.volume.role, ArtifactKind.truth.role]),
                (PreprocessVolume.kind, [ArtifactKind.networkImage.role]),
                (SegmentVolume.kind, [ArtifactKind.labelMap.role, ArtifactKind.picture.role]),
            ] {
                let job = try #require(second.first { $0.kind == kind })
                let outputs = try await system.outputs(of: job.id)
                for role in roles {
                    let first = try await run.output(kind, role, system)
                    #expect(outputs.first { $0.role == role }?.address == first.address, "\(role) of \(kind.rawValue)")
                }
            }
        }

        @Test func everyChangeOfStateWasPublished() async throws {
            let (system, run) = (try await RunningSystem.shared, try await PipelineRun.shared)
            let wanted = Set(
                ["ingestion", "preprocessing", "inference", "evaluation"].flatMap { stage in
                    ["queued", "running", "succeeded"].map { "job.\(stage).\($0)" }
                }
                    + ["study.succeeded"])
            let subjects = Set(run.jobs.map(\.id.description) + [run.study.id.description])
            try await eventually("all events arrive") {
                let events = try await system.withSession { try await $0.browse(run.eventQueue, limit: 1000) }
                let ours = try events.filter {
                    subjects.contains(try JSONDecoder().decode(Subject.self, from: Data($0.body)).subject)
                }
                return wanted.isSubset(of: ours.map(\.routingKey)) ? true : nil
            }
        }
    }

    fileprivate struct Event<Content: Decodable>: Decodable {
        let specversion: String
        let type: String
        let data: Content
    }

    fileprivate struct Judged: Decodable {
        struct Remark: Decodable {
            let kind: String
            let sentence: String
        }

        let needs_review: Bool
        let findings: [Remark]
        let repairs: [Remark]?
    }

    fileprivate struct Subject: Decodable {
        let subject: String
    }
}
