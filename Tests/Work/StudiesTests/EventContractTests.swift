import Foundation
import JobEngine
import Messaging
import Studies
import TestSupport
import Testing

/// What the engine publishes is what `Contract/examples` shows; the examples are checked against the schemas.
@Suite struct EventContractTests {
    private static let job = JobID("6d0c7c0e-5d9f-4a2c-9d4e-0f6f2f8a1b11")!
    private static let studyID = UUID(uuidString: "0b8f6c1e-7a52-4d6f-8f0e-3c9c2e5d7a90")!
    private static let time = Date(timeIntervalSince1970: 1_769_850_000)

    /// The event with the example's id and time, which are not the engine's to choose.
    private static func expectSame(
        _ event: JobEvent, _ example: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = Fixtures.packageRoot.appending(path: "Contract/examples/\(example)")
        let expected = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? NSDictionary)
        let text = try #require(expected["id"] as? String)
        let id = try #require(UUID(uuidString: text))
        let body = try event.message(id: 1, messageID: id, time: time).body
        let written = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        var plain = written
        #expect((written["time"] as? String)?.hasPrefix("2026-01-31T09:00:00") == true, sourceLocation: sourceLocation)
        plain["time"] = expected["time"]
        #expect(plain as NSDictionary == expected, "\(body)", sourceLocation: sourceLocation)
    }

    private static func record(
        _ kind: JobKind, _ state: JobState, worker: String?, failure: JobFailure?, priority: Priority = .routine
    ) -> JobRecord {
        JobRecord(
            id: job, kind: kind, tenant: "radiology", priority: priority, state: state, deduplicationKey: nil,
            parameters: "{}", study: studyID,
            attempt: 1, crashes: 0, isPaused: false, cancellationRequested: false, worker: worker, token: nil,
            leaseUntil: nil, progress: 0,
            progressNote: "", failure: failure, createdAt: time, queuedAt: nil, runAt: nil, startedAt: nil,
            finishedAt: nil)
    }

    @Test func jobEventsLookLikeTheirExamples() throws {
        let succeeded = Self.record(.segmentVolume, .succeeded, worker: "inference-1", failure: nil)
        try Self.expectSame(JobEvent.stateChanged(succeeded), "job-event.succeeded.json")
        let failure = JobFailure(
            class: .data, code: "slice-missing",
            reason: "between slice 41 and 42 lie 6.0 mm, expected 3.0 mm: send the whole series")
        let dead = Self.record(.ingestStudy, .dead, worker: nil, failure: failure)
        try Self.expectSame(JobEvent.stateChanged(dead), "job-event.dead.json")
    }

    @Test func wakeUpLooksLikeItsExample() throws {
        let queued = Self.record(.segmentVolume, .queued, worker: nil, failure: nil, priority: .urgent)
        try Self.expectSame(JobEvent.wakeUp(queued), "wake-up.json")
    }

    @Test func studyResultLooksLikeItsExampleAndGoesToTheReplyQueue() throws {
        let study = Study(
            id: Self.studyID, tenant: "radiology", pipeline: .segment, messageID: "m", replyTo: "radiology.results",
            correlationID: "order-9",
            state: .succeeded, createdAt: Self.time)
        func measurement(_ value: Int, _ name: String, dice: Double?, iou: Double?, truth: Double, predicted: Double)
            -> ClassMeasurement
        {
            ClassMeasurement(
                classValue: value, className: name, inTruth: truth > 0,
                inPrediction: predicted > 0, truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0,
                dice: dice, iou: iou,
                sensitivity: nil, specificity: nil, precision: nil, accuracy: nil, truthVolumeInMillilitres: truth,
                predictedVolumeInMillilitres: predicted)
        }
        let result = StudyResult(
            study: study, job: Self.job,
            artifacts: [
                ArtifactReference(
                    role: Role.labelMap,
                    address: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    byteCount: 183442,
                    mediaType: "application/gzip")
            ],
            measurements: [
                measurement(20, "L1", dice: 0.93, iou: 0.87, truth: 41.2, predicted: 40.5),
                measurement(1, "C1", dice: nil, iou: nil, truth: 0, predicted: 0),
            ],
            judgement: SegmentationJudgement(
                study: nil, modelVersion: nil, classes: [],
                findings: [
                    SegmentationJudgement.Finding(
                        kind: "level-missing", severity: .review, classValues: [22],
                        sentence: "L3 is missing between L2 and L4, which are 68.1 mm apart"),
                    SegmentationJudgement.Finding(
                        kind: "cut-by-field-of-view", severity: .information, classValues: [20], sentence: "no reason"),
                ],
                repairs: nil),
            held: [
                HeldDelivery(destination: "pacs", model: "spine@1", cause: .needsReview, reasons: ["not told here"])
            ], failure: nil)
        let events = try JobEvent.studyEnded(study, result: result)
        #expect(events.map(\.routingKey) == ["study.succeeded", "radiology.results"])
        #expect(events.allSatisfy { $0.correlationID == "order-9" })
        for event in events { try Self.expectSame(event, "study-result.succeeded.json") }
    }

    @Test func answersLookLikeTheirExamplesAndGoToTheReplyQueue() throws {
        let acceptance = StudyAnswer.Acceptance(
            tenant: "radiology", id: "2026-000123", source: "radiology/pacs-gateway", study: Self.studyID, job: Self.job
        )
        let accepted = try #require(
            try JobEvent.accepted(
                acceptance, subject: Self.studyID.uuidString.lowercased(), replyTo: "radiology.results",
                correlationID: "order-9"))
        try Self.expectSame(accepted, "study-accepted.json")
        let failure = JobFailure(
            class: .data, code: "message-missing-field", reason: "/data/path is missing, it is required")
        let refused = try JobEvent.refused(
            StudyAnswer.Refusal(tenant: "radiology", id: "2026-000123", job: Self.job, failure: failure),
            replyTo: "radiology.results",
            correlationID: "order-9")
        try Self.expectSame(refused, "study-refused.json")
        for answer in [accepted, refused] {
            #expect((answer.exchange, answer.routingKey, answer.correlationID) == ("", "radiology.results", "order-9"))
        }
        #expect(try JobEvent.accepted(acceptance, subject: "", replyTo: nil, correlationID: "order-9") == nil)
    }

    /// An account may be allowed its tenant's events only, and bindings from before still match.
    @Test func anEventHasItsTenantInASecondRoutingKey() throws {
        let failure = JobFailure(class: .data, code: "c", reason: "r")
        let event = try JobEvent.stateChanged(Self.record(.ingestStudy, .dead, worker: nil, failure: failure))
        let message = OutgoingMessage(try event.message(id: 1, messageID: Self.studyID, time: Self.time))
        #expect(message.routingKey == "job.ingestion.dead")
        #expect(message.properties.headers == ["CC": .array(["job.ingestion.dead.radiology"])])
        let wakeUp = try JobEvent.wakeUp(Self.record(.ingestStudy, .queued, worker: nil, failure: nil))
        #expect(
            OutgoingMessage(try wakeUp.message(id: 1, messageID: Self.studyID, time: Self.time)).properties.headers
                .isEmpty)
    }
}
