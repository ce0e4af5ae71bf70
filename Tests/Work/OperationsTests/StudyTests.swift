import Documents
import Faults
import Foundation
import JobEngine
import Messaging
import Operations
import Registry
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct StudyTests {
    private static func asked(_ messageID: String, model: ModelReference? = nil) throws -> AskedStudy {
        try AskedStudy(
            StudySubmission(
                sender: IntakeSender(tenant: SystemFixture.tenant, source: "gateway", messageID: messageID),
                order: StudyOrder(pipeline: .segment, model: model), path: "/data/in/study"))
    }

    @Test func whatIngestionWouldRefuseIsRefusedBeforeItIsSent() throws {
        let error = #expect(throws: OperationError.self) {
            _ = try AskedStudy(
                StudySubmission(
                    sender: IntakeSender(tenant: "Not A Tenant", source: "gateway", messageID: "m"),
                    order: StudyOrder(pipeline: .segment), path: "/data/in/study"))
        }
        #expect(error?.code == .usage && error?.description.hasPrefix("this message would be refused: ") == true)
    }

    @Test func aStudyIsFollowedFromItsMessageToItsReport() async throws {
        try await SystemFixture.with { fixture in
            let asked = try Self.asked("m-1")
            let (study, job) = try await fixture.queuedStudy(messageID: "m-1", source: "gateway")
            let follower = Follower(fixture.system)
            #expect(try await follower.study(asked) == study)
            var seen: [JobState] = []
            let map = SystemFixture.artifact(ArtifactKind.labelMap.role, "a")
            try await fixture.end(.ingestion, Completion(outputs: [map]))
            let state = try await follower.follow(study) { seen += $0.map(\.state) }
            #expect(state == .succeeded && seen.isEmpty)
            let report = try await StudyReport(study, in: fixture.system)
            #expect(report.jobs.map(\.id) == [job] && report.outputs.map(\.reference) == [map])
            #expect(report.outputs[0].path == nil && report.outputs[0].place == map.address.rawValue)
        }
    }

    @Test func aReportIsOneDocumentForEveryDoor() async throws {
        try await SystemFixture.with { fixture in
            let (study, _) = try await fixture.queuedStudy(messageID: "m-2")
            let report = try await StudyReport(study, in: fixture.system)
            let sent = try JSONDecoder().decode(JSONValue.self, from: try JSONEncoder().encode(report))
            guard case .object(let members) = report.document else { return #expect(Bool(false), "no object") }
            #expect(
                members.map(\.key) == [
                    "study", "tenant", "pipeline", "message_id", "state", "jobs", "artifacts", "judgement", "metrics",
                ])
            // What a caller over a network gets differs in the order of keys alone.
            #expect(try sent == JSONDecoder().decode(JSONValue.self, from: Data(report.document.text.utf8)))
        }
    }

    @Test func aMessageThatAskedForSomethingElseIsAnothersStudy() async throws {
        try await SystemFixture.with { fixture in
            let asked = try Self.asked("m-3")
            let study = Study(
                tenant: SystemFixture.tenant, pipeline: .segment, source: "gateway", messageID: "m-3",
                contentDigest: "another")
            _ = try await PostgresStudies(pool: fixture.system.pool).submit(
                study, first: JobRequest(kind: IngestStudy.kind, tenant: SystemFixture.tenant, study: study.id))
            let error = await #expect(throws: OperationError.self) {
                _ = try await Follower(fixture.system).study(asked)
            }
            #expect(error?.code == .badInput && error?.description.contains("asked for something else before") == true)
        }
    }

    @Test func whoDoesNotWaitIsToldThatItGoesOn() async throws {
        try await SystemFixture.with { fixture in
            let (study, _) = try await fixture.queuedStudy()
            let error = await #expect(throws: OperationError.self) {
                _ = try await Follower(fixture.system, timeoutInSeconds: 0).follow(study)
            }
            #expect(error?.code == .unfinished)
        }
    }

    @Test func aMessageOfTwoSendersNamesNoStudyByItself() async throws {
        try await SystemFixture.with { fixture in
            let first = try await fixture.queuedStudy(messageID: "m-4", source: "one")
            #expect(try await fixture.system.study("m-4") == first.study)
            #expect(try await fixture.system.study(first.study.description) == first.study)
            _ = try await fixture.queuedStudy(messageID: "m-4", source: "two")
            let error = await #expect(throws: OperationError.self) { _ = try await fixture.system.study("m-4") }
            #expect(error?.code == .refused && error?.description.contains(" from two") == true)
            let none = await #expect(throws: OperationError.self) { _ = try await fixture.system.study("m-5") }
            #expect(none?.code == .missing)
        }
    }

    /// The default tenant is seldom the one that is meant.
    @Test func aStudyOfAnotherTenantIsNamedWithWhoseItIs() async throws {
        try await SystemFixture.with { fixture in
            let (study, _) = try await fixture.queuedStudy(messageID: "order-1")
            #expect(try await fixture.system.study("order-1", of: SystemFixture.tenant) == study)
            for text in ["order-1", study.description] {
                let error = await #expect(throws: OperationError.self) {
                    _ = try await fixture.system.study(text, of: "local")
                }
                #expect(
                    error?.description
                        == "tenant local has no study '\(text)', but radiology has: say --tenant radiology")
            }
            let none = await #expect(throws: OperationError.self) {
                _ = try await fixture.system.study("order-2", of: "local")
            }
            #expect(none?.description.hasPrefix("there is no study or message 'order-2'") == true)
        }
    }
}
