import Foundation
import JobEngine
import Studies
import TestSupport
import Testing

/// A job's parameters from the request to the handler.
@Suite struct JobDefinitionTests {
    private func job(_ parameters: String) -> JobRecord {
        JobRecord(
            id: JobID(), kind: RetrieveStudy.kind, tenant: "clinic", priority: .routine, state: .running,
            deduplicationKey: nil, parameters: parameters, study: nil, attempt: 1, crashes: 0, isPaused: false,
            cancellationRequested: false, worker: nil, token: nil, leaseUntil: nil, progress: 0, progressNote: "",
            failure: nil, createdAt: .now, queuedAt: nil, runAt: nil, startedAt: nil, finishedAt: nil)
    }

    @Test func aHandlerGetsWhatWasAskedFor() throws {
        let asked = RetrieveStudy(order: StudyOrder(pipeline: .segment), source: "pacs", studyInstanceUID: "1.2")
        let request = try JobRequest(asked, tenant: "clinic")
        #expect(request.kind == RetrieveStudy.kind)
        #expect(request.parameters == #"{"order":{"pipeline":"segment"},"source":"pacs","studyInstanceUID":"1.2"}"#)
        #expect(try RetrieveStudy(of: job(request.parameters)) == asked)
    }

    @Test(arguments: [
        (#"{"order": {"pipeline": "segment"}, "source": "pacs"}"#, "no field 'studyInstanceUID'"),
        (#"{"order": {}, "source": "pacs", "studyInstanceUID": "1.2"}"#, "no field 'order.pipeline'"),
        (#"{"order": {"pipeline": "segment"}, "source": 7, "studyInstanceUID": "1.2"}"#, "'source' that is no String"),
        (#"{"order": {"pipeline": "segment"}, "source": null, "studyInstanceUID": "1"}"#, "'source' that is no String"),
        (
            #"{"order": {"pipeline": "Doe"}, "source": "pacs", "studyInstanceUID": "1.2"}"#,
            "'order.pipeline' with a value"
        ),
        (#"{"order": "Doe", "source": "pacs", "studyInstanceUID": "1.2"}"#, "'order' that is no"),
        ("{}", "no field 'order'"), ("[]", "are not a JSON object"), ("", "are not a JSON object"),
        ("null", "are not a JSON object"),
    ])
    func parametersOfAnotherFormAreTheOrderersFaultAndTheFieldIsNamed(parameters: String, said: String) throws {
        let failure = try #require(throws: JobFailure.self) { try RetrieveStudy(of: job(parameters)) }
        #expect((failure.class, failure.code) == (.data, "parameters-malformed"))
        #expect(failure.reason.contains("of retrieve-study ") && failure.reason.contains(said), "\(failure)")
        #expect(!failure.reason.contains("Doe"), "no value is shown")
    }
}
