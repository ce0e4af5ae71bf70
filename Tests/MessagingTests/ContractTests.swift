import Foundation
import JobEngine
import Messaging
import TestSupport
import Testing

@Suite struct ContractTests {
    static let examples = Fixtures.packageRoot.appending(path: "Contract/examples")

    static func files(_ folder: URL, _ prefix: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasPrefix(prefix) && $0.hasSuffix(".json") }.sorted()
    }

    static let invalid = files(examples.appending(path: "invalid"), "")

    private struct Expectation: Decodable {
        var code: String
        var pointer: String
    }

    private static func decode(_ body: Data, key: String = "study.submitted.radiology", _ properties: MessageProperties = MessageProperties()) throws -> StudySubmission {
        try #require(try IntakeDecoder.decode(body: Array(body), routingKey: key, properties).submission)
    }

    private static func example(_ name: String) throws -> Data { try Data(contentsOf: examples.appending(path: name)) }

    /// Every job is announced with its kind.
    @Test func theSchemaKnowsEveryKindOfJob() throws {
        struct Schema: Decodable {
            struct Choice: Decodable { var `enum`: [String]? }
            var definitions: [String: Choice]
            enum CodingKeys: String, CodingKey { case definitions = "$defs" }
        }
        let file = Fixtures.packageRoot.appending(path: "Contract/schemas/common.schema.json")
        let kinds = try JSONDecoder().decode(Schema.self, from: Data(contentsOf: file)).definitions["kind"]?.enum ?? []
        #expect(kinds.sorted() == JobKind.allCases.map(\.rawValue).sorted())
    }

    @Test func minimalExampleTakesDefaults() throws {
        let submission = try Self.decode(Self.example("study-submitted.minimal.json"))
        #expect(
            submission
                == StudySubmission(tenant: "radiology", messageID: "2026-000123", order: StudyOrder(pipeline: .segment), path: "/studies/2026/000123"))
        #expect(submission.deduplicationKey == "2026-000123")
        #expect(submission.priority == .routine)
    }

    @Test func fullExampleGivesEveryField() throws {
        let properties = MessageProperties(messageID: "the-property", correlationID: "order-9", replyTo: "radiology.results")
        let submission = try Self.decode(Self.example("study-submitted.full.json"), properties)
        let expected = StudySubmission(
            tenant: "radiology", messageID: "the-property", order: StudyOrder(pipeline: .segment, model: "spine@3", skipsAir: true, repairs: true),
            priority: .urgent,
            path: "/studies/2026/000124/ct.nii.gz", labelPath: "/studies/2026/000124/labels.nii.gz", numbering: "verse", series: "9f86d081884c7d65",
            deduplicationKey: "2026-000124/first", replyTo: "radiology.results", correlationID: "order-9")
        #expect(submission == expected)
    }

    @Test func importExampleNamesItsCase() throws {
        let submission = try Self.decode(Self.example("study-submitted.import.json"))
        #expect(submission.order == StudyOrder(pipeline: .import, dataSet: "spines-2026", caseName: "case-0007"))
        #expect(submission.priority == .bulk)
    }

    @Test(arguments: invalid)
    func invalidExampleGetsItsReason(name: String) throws {
        let expectations = try JSONDecoder().decode([String: Expectation].self, from: Self.example("invalid-expected.json"))
        let expected = try #require(expectations[name])
        let error = try #require(throws: ContractError.self) { try Self.decode(Self.example("invalid/\(name)")) }
        #expect(error.code.rawValue == expected.code)
        #expect(error.pointer == expected.pointer)
        // Nothing that the sender wrote but contract words: a path, an id or a key may hold a name.
        for secret in ["/studies", "000123", "unknown", "of the patient", "com.example", "1.2.840"] {
            #expect(!error.description.contains(secret), "\(error.description)")
        }
    }

    @Test func everyInvalidExampleIsExpected() throws {
        let expectations = try JSONDecoder().decode([String: Expectation].self, from: Self.example("invalid-expected.json"))
        #expect(Set(expectations.keys) == Set(Self.invalid))
        #expect(!Self.invalid.isEmpty)
    }

    @Test func bodyMayHave65536BytesAndNotOneMore() throws {
        var body = try Self.example("study-submitted.minimal.json")
        body.append(Data(repeating: UInt8(ascii: " "), count: 65536 - body.count))
        #expect(try Self.decode(body).path == "/studies/2026/000123")
        body.append(UInt8(ascii: " "))
        let error = try #require(throws: ContractError.self) { try Self.decode(body) }
        #expect(error.code == .tooLarge)
        #expect(error.description.contains("65537") && error.description.contains("65536"))
    }

    @Test func announcedLengthCountsWhenTheBodyWasCut() {
        let delivery = Delivery(
            exchange: "", routingKey: "study.submitted.a", queue: "", deliveryTag: 1, properties: MessageProperties(), body: Array("{}".utf8),
            announcedByteCount: 1 << 30)
        #expect(throws: ContractError.self) { try IntakeDecoder.decode(delivery) }
    }

    @Test(arguments: [
        "study.submitted", "study.submitted.", "study.submitted.Radiology", "study.submitted.a.b", "study.arrived.a", "study.submitted.ä",
        "study.submitted." + String(repeating: "a", count: 64),
    ])
    func routingKeyMustNameATenant(key: String) throws {
        let body = try Self.example("study-submitted.minimal.json")
        let error = try #require(throws: ContractError.self) { try Self.decode(body, key: key) }
        #expect(error.code == .invalidRoutingKey)
    }

    @Test func hostileNestingIsNotJSONOrOfTheWrongTypeAndNoCrash() throws {
        let (open, close) = (String(repeating: "[", count: 400), String(repeating: "]", count: 400))
        let wide = "[" + String(repeating: "0,", count: 31000) + "0]"
        for body in [String(repeating: "[", count: 60000), String(repeating: "{\"a\":", count: 13000), open + wide + close] {
            #expect(throws: ContractError.self) { try Self.decode(Data(body.utf8)) }
        }
    }

    @Test(arguments: [
        StudySubmission(tenant: "radiology", messageID: "m1", order: StudyOrder(pipeline: .segment, skipsAir: false, repairs: false), path: "/a \"quoted\" path/ü"),
        StudySubmission(
            tenant: "ward-3", messageID: "m2", order: StudyOrder(pipeline: .import, dataSet: "d", caseName: "c"), priority: .bulk, path: "/p",
            labelPath: "/l", numbering: "totalsegmentator-v2", series: "0123456789abcdef", deduplicationKey: "k", replyTo: "q", correlationID: "c"),
    ])
    func submissionReadsWhatItWrites(submission: StudySubmission) throws {
        let message = try submission.message(source: "columna/submit")
        #expect(try IntakeDecoder.decode(body: message.body, routingKey: message.routingKey, message.properties) == .submitted(submission))
    }

    private static func message(_ example: String, _ verb: IntakeVerb) throws -> IntakeMessage {
        try IntakeDecoder.decode(body: Array(self.example(example)), routingKey: verb.routingKey("radiology"), MessageProperties())
    }

    private static func sender(_ id: String) -> IntakeSender { IntakeSender(tenant: "radiology", messageID: id) }

    @Test func requestsAndCompletionsAreReadFromTheirExamples() throws {
        #expect(
            try Self.message("study-requested.minimal.json", .requested)
                == .requested(
                    StudyRequest(
                        sender: Self.sender("2026-000125"), source: "pacs", studyInstanceUID: "1.2.840.113619.2.1", order: StudyOrder(pipeline: .segment))))
        #expect(
            try Self.message("study-requested.full.json", .requested)
                == .requested(
                    StudyRequest(
                        sender: Self.sender("2026-000126"), source: "pacs", studyInstanceUID: "1.2.840.113619.2.2",
                        order: StudyOrder(pipeline: .segment, model: "spine@3", skipsAir: true, repairs: true), priority: .urgent,
                        deduplicationKey: "2026-000126/first")))
        #expect(
            try Self.message("study-completed.minimal.json", .completed)
                == .completed(StudyCompletion(sender: Self.sender("2026-000127"), studyInstanceUID: "1.2.840.113619.2.3")))
        #expect(
            try Self.message("study-completed.full.json", .completed)
                == .completed(StudyCompletion(sender: Self.sender("2026-000128"), studyInstanceUID: "1.2.840.113619.2.3", instanceCount: 312)))
    }

    @Test func requestsAndCompletionsReadWhatTheyWrite() throws {
        let sender = IntakeSender(tenant: "ward-3", messageID: "m", replyTo: "q", correlationID: "c")
        let request = StudyRequest(sender: sender, source: "pacs", studyInstanceUID: "1.2.3", order: StudyOrder(pipeline: .segment), priority: .urgent)
        let asked = try request.message(from: "columna/fetch")
        #expect(try IntakeDecoder.decode(body: asked.body, routingKey: asked.routingKey, asked.properties) == .requested(request))
        let completion = StudyCompletion(sender: sender, studyInstanceUID: "1.2.3", instanceCount: 7)
        let said = try completion.message(from: "columna/arrivals")
        #expect(try IntakeDecoder.decode(body: said.body, routingKey: said.routingKey, said.properties) == .completed(completion))
    }

    @Test(arguments: [
        (IntakeVerb.requested, #"{"studyInstanceUID": "1.2"}"#, ContractError.Code.missingField, "/data/source"),
        (.requested, #"{"source": "pacs", "studyInstanceUID": "1.02"}"#, .invalidValue, "/data/studyInstanceUID"),
        (.requested, #"{"source": "pacs", "studyInstanceUID": "1.2\\*"}"#, .invalidValue, "/data/studyInstanceUID"),
        (.requested, #"{"source": "../pacs", "studyInstanceUID": "1.2"}"#, .invalidValue, "/data/source"),
        (.requested, #"{"source": "pacs", "studyInstanceUID": "1.2", "path": "/x"}"#, .unknownField, "/data/path"),
        (.completed, #"{"studyInstanceUID": "1.2", "instances": 0}"#, .invalidValue, "/data/instances"),
        (.completed, #"{"studyInstanceUID": "1.2", "instances": 1.5}"#, .invalidValue, "/data/instances"),
        (.completed, #"{"studyInstanceUID": "1.2", "instances": "12"}"#, .wrongType, "/data/instances"),
    ])
    func whatBreaksTheContractIsNamed(verb: IntakeVerb, data: String, code: ContractError.Code, pointer: String) throws {
        let body = #"{"specversion": "1.0", "id": "1", "source": "s", "type": "\#(verb.eventType)", "data": \#(data)}"#
        let error = try #require(throws: ContractError.self) {
            try IntakeDecoder.decode(body: Array(body.utf8), routingKey: verb.routingKey("a"), MessageProperties())
        }
        #expect((error.code, error.pointer) == (code, pointer))
    }

    @Test func aTypeThatDoesNotGoWithTheRoutingKeyIsRefused() throws {
        let error = try #require(throws: ContractError.self) { try Self.message("study-requested.minimal.json", .completed) }
        #expect(error.code == .unknownType)
    }

    @Test func controlMessagesLookLikeTheirExamples() throws {
        let job = try #require(JobID("6d0c7c0e-5d9f-4a2c-9d4e-0f6f2f8a1b11"))
        let cases: [(ControlMessage, String)] = [
            (ControlMessage(.cancel, .job(job)), "control.cancel-job.json"), (ControlMessage(.pause, .stage(.training)), "control.pause-stage.json"),
        ]
        for (message, name) in cases {
            let written = try #require(try JSONSerialization.jsonObject(with: Data(message.message().body)) as? [String: Any])
            let example = try #require(try JSONSerialization.jsonObject(with: Self.example(name)) as? [String: Any])
            #expect(written["type"] as? String == example["type"] as? String)
            #expect(Set(written.keys) == Set(example.keys))
            #expect(written["data"] as? [String: String] == example["data"] as? [String: String])
        }
    }

    @Test(arguments: [
        MessageProperties(messageID: String(repeating: "m", count: 256)), MessageProperties(correlationID: "a\u{0}b"),
        MessageProperties(correlationID: String(repeating: "\u{FFFD}", count: 86)), MessageProperties(replyTo: "line\nbreak"),
        MessageProperties(replyTo: "columna.intake"),
    ])
    func propertiesThatDatabaseOrBrokerWouldRefuseLaterAreRefusedNow(properties: MessageProperties) throws {
        let body = try Self.example("study-submitted.minimal.json")
        let error = #expect(throws: ContractError.self) { try Self.decode(body, properties) }
        #expect(error?.code == .invalidValue)
    }
}
