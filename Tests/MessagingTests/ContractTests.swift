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
        try IntakeDecoder.decode(body: Array(body), routingKey: key, properties)
    }

    private static func example(_ name: String) throws -> Data { try Data(contentsOf: examples.appending(path: name)) }

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
            tenant: "radiology", messageID: "the-property", order: StudyOrder(pipeline: .segment, model: "spine@3", skipsAir: true),
            priority: .urgent,
            path: "/studies/2026/000124/ct.nii.gz", labelPath: "/studies/2026/000124/labels.nii.gz", series: "9f86d081884c7d65",
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
        StudySubmission(tenant: "radiology", messageID: "m1", order: StudyOrder(pipeline: .segment, skipsAir: false), path: "/a \"quoted\" path/ü"),
        StudySubmission(
            tenant: "ward-3", messageID: "m2", order: StudyOrder(pipeline: .import, dataSet: "d", caseName: "c"), priority: .bulk, path: "/p",
            labelPath: "/l", series: "0123456789abcdef", deduplicationKey: "k", replyTo: "q", correlationID: "c"),
    ])
    func submissionReadsWhatItWrites(submission: StudySubmission) throws {
        let message = try submission.message(source: "columna/submit")
        #expect(try IntakeDecoder.decode(body: message.body, routingKey: message.routingKey, message.properties) == submission)
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
