import Foundation
import JobEngine
import Messaging
import Studies
import TestSupport
import Testing

/// What the engine publishes is what `Contract/examples` shows; the examples are checked against the schemas.
@Suite struct EventContractTests {
    private static let job = JobID("6d0c7c0e-5d9f-4a2c-9d4e-0f6f2f8a1b11")!
    private static let studyID = StudyID("0b8f6c1e-7a52-4d6f-8f0e-3c9c2e5d7a90")!
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
        let succeeded = Self.record(SegmentVolume.kind, .succeeded, worker: "inference-1", failure: nil)
        try Self.expectSame(JobEvent.stateChanged(succeeded), "job-event.succeeded.json")
        let failure = JobFailure(
            class: .data, code: "slice-missing",
            reason: "between slice 41 and 42 lie 6.0 mm, expected 3.0 mm: send the whole series")
        let dead = Self.record(IngestStudy.kind, .dead, worker: nil, failure: failure)
        try Self.expectSame(JobEvent.stateChanged(dead), "job-event.dead.json")
    }

    @Test func wakeUpLooksLikeItsExample() throws {
        let queued = Self.record(SegmentVolume.kind, .queued, worker: nil, failure: nil, priority: .urgent)
        try Self.expectSame(JobEvent.wakeUp(queued), "wake-up.json")
    }

    /// PostgreSQL makes the result (`PostgresStudiesTests`); what a reader takes of it is what the examples show.
    @Test(arguments: ["study-result.succeeded.json", "study-result.dead.json"])
    func studyResultIsWhatItsExampleShows(_ example: String) throws {
        struct Event: Codable { var data: StudyResult }
        let file = Fixtures.packageRoot.appending(path: "Contract/examples/\(example)")
        let bytes = try Data(contentsOf: file)
        let shown = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        let read = try JSONEncoder().encode(JSONDecoder().decode(Event.self, from: bytes))
        let taken = try #require(try JSONSerialization.jsonObject(with: read) as? [String: Any])
        #expect(taken["data"] as? NSDictionary == shown["data"] as? NSDictionary)
    }

    @Test func answersLookLikeTheirExamplesAndGoToTheReplyQueue() throws {
        let acceptance = StudyAnswer.Acceptance(
            tenant: "radiology", id: "2026-000123", source: "radiology/pacs-gateway", study: Self.studyID, job: Self.job
        )
        let accepted = try #require(
            try JobEvent.accepted(
                acceptance, subject: Self.studyID.description, replyTo: "radiology.results",
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
        let event = try JobEvent.stateChanged(Self.record(IngestStudy.kind, .dead, worker: nil, failure: failure))
        let message = OutgoingMessage(try event.message(id: 1, messageID: Self.studyID.uuid, time: Self.time))
        #expect(message.routingKey == "job.ingestion.dead")
        #expect(message.properties.headers == ["CC": .array(["job.ingestion.dead.radiology"])])
        let wakeUp = try JobEvent.wakeUp(Self.record(IngestStudy.kind, .queued, worker: nil, failure: nil))
        #expect(
            OutgoingMessage(try wakeUp.message(id: 1, messageID: Self.studyID.uuid, time: Self.time)).properties.headers
                .isEmpty)
    }
}
