import Documents
import Foundation
import JobEngine
import Messaging
import Studies
import TestSupport
import Testing

@Suite struct ContractTests {
    static let examples = Fixtures.packageRoot.appending(path: "Contract/examples")

    static func files(_ folder: URL, _ prefix: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter {
            $0.hasPrefix(prefix) && $0.hasSuffix(".json")
        }.sorted()
    }

    static let invalid = files(examples.appending(path: "invalid"), "")

    private struct Expectation: Decodable {
        var code: String
        var pointer: String
    }

    private static func decode(
        _ body: Data, key: String = "study.submitted.radiology", _ properties: MessageProperties = MessageProperties()
    ) throws -> StudySubmission {
        try #require(try IntakeDecoder.decode(body: Array(body), routingKey: key, properties).submission)
    }

    private static func example(_ name: String) throws -> Data { try Data(contentsOf: examples.appending(path: name)) }

    /// Every job is announced with its kind. With COLUMNA_WRITE_CONTRACT=1 the test writes the list instead.
    @Test func theSchemaListsTheKindsThatAreDeclared() throws {
        let file = Fixtures.packageRoot.appending(path: "Contract/schemas/common.schema.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        let names = JobKind.all.map { "        \"\($0.rawValue)\"" }.joined(separator: ",\n")
        let declared = text.replacing(/("kind": \{\n      "enum": \[\n)[^\]]*(\n      \])/) { "\($0.1)\(names)\($0.2)" }
        if ProcessInfo.processInfo.environment["COLUMNA_WRITE_CONTRACT"] == "1" {
            try declared.write(to: file, atomically: true, encoding: .utf8)
        } else {
            #expect(
                text == declared, "write it anew: COLUMNA_WRITE_CONTRACT=1 Scripts/test --filter theSchemaListsTheKinds"
            )
        }
        #expect(declared.contains(names))
    }

    @Test func minimalExampleTakesDefaults() throws {
        let submission = try Self.decode(Self.example("study-submitted.minimal.json"))
        #expect(
            submission
                == StudySubmission(
                    sender: Self.sender("2026-000123"), order: StudyOrder(pipeline: .segment),
                    path: "/studies/2026/000123"))
        #expect(submission.deduplicationKey == nil)
        #expect(submission.priority == .routine)
    }

    @Test func fullExampleGivesEveryField() throws {
        let properties = MessageProperties(
            messageID: "the-property", correlationID: "order-9", replyTo: "radiology.results")
        let submission = try Self.decode(Self.example("study-submitted.full.json"), properties)
        let expected = StudySubmission(
            sender: Self.sender("2026-000124", replyTo: "radiology.results", correlationID: "order-9"),
            order: StudyOrder(pipeline: .segment, model: "spine@3", skipsAir: true, repairs: true, names: .network),
            priority: .urgent,
            path: "/studies/2026/000124/ct.nii.gz", labelPath: "/studies/2026/000124/labels.nii.gz", numbering: "verse",
            series: "9f86d081884c7d65",
            deduplicationKey: "2026-000124/first")
        #expect(submission == expected, "the event has its own id, whatever the message's is")
    }

    @Test func importExampleNamesItsCase() throws {
        let submission = try Self.decode(Self.example("study-submitted.import.json"))
        #expect(submission.order == StudyOrder(pipeline: .import, dataSet: "spines-2026", caseName: "case-0007"))
        #expect(submission.priority == .bulk)
    }

    @Test(arguments: invalid)
    func invalidExampleGetsItsReason(name: String) throws {
        let expectations = try JSONDecoder().decode(
            [String: Expectation].self, from: Self.example("invalid-expected.json"))
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
        let expectations = try JSONDecoder().decode(
            [String: Expectation].self, from: Self.example("invalid-expected.json"))
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
            exchange: "", routingKey: "study.submitted.a", queue: "", deliveryTag: 1, properties: MessageProperties(),
            body: Array("{}".utf8),
            announcedByteCount: 1 << 30)
        #expect(throws: ContractError.self) { try IntakeDecoder.decode(delivery) }
    }

    @Test(arguments: [
        "study.submitted", "study.submitted.", "study.submitted.Radiology", "study.submitted.a.b", "study.arrived.a",
        "study.submitted.ä",
        "study.submitted." + String(repeating: "a", count: 64),
    ])
    func routingKeyMustNameATenant(key: String) throws {
        let body = try Self.example("study-submitted.minimal.json")
        let error = try #require(throws: ContractError.self) { try Self.decode(body, key: key) }
        #expect(error.code == .invalidRoutingKey)
        #expect(
            error.description.contains(
                "expected study.submitted.TENANT or study.requested.TENANT or study.completed.TENANT or study.corrected.TENANT"
            ))
        let stray = Delivery(
            exchange: "", routingKey: key, queue: "", deliveryTag: 1, properties: MessageProperties(), body: [])
        #expect(IntakeDecoder.objection(toRoutingKeyOf: stray) == error)
    }

    @Test func hostileNestingIsNotJSONOrOfTheWrongTypeAndNoCrash() throws {
        let (open, close) = (String(repeating: "[", count: 400), String(repeating: "]", count: 400))
        let wide = "[" + String(repeating: "0,", count: 31000) + "0]"
        for body in [
            String(repeating: "[", count: 60000), String(repeating: "{\"a\":", count: 13000), open + wide + close,
        ] {
            #expect(throws: ContractError.self) { try Self.decode(Data(body.utf8)) }
        }
    }

    @Test(arguments: [
        StudySubmission(
            sender: IntakeSender(tenant: "radiology", source: "columna/submit", messageID: "m1"),
            order: StudyOrder(pipeline: .segment, skipsAir: false, repairs: false, names: .anatomy),
            path: "/a \"quoted\" path/ü"),
        StudySubmission(
            sender: IntakeSender(
                tenant: "ward-3", source: "ris/ward-3", messageID: "m2", replyTo: "q", correlationID: "c"),
            order: StudyOrder(pipeline: .import, dataSet: "d", caseName: "c"), priority: .bulk, path: "/p",
            labelPath: "/l", numbering: "totalsegmentator-v2",
            series: "0123456789abcdef", deduplicationKey: "k"),
    ])
    func submissionReadsWhatItWrites(submission: StudySubmission) throws {
        let message = try submission.message()
        #expect(
            try IntakeDecoder.decode(body: message.body, routingKey: message.routingKey, message.properties)
                == .submitted(submission))
    }

    private static func unreadable(_ name: String) -> MessageProperties {
        var properties = MessageProperties()
        properties.unreadable = [name]
        return properties
    }

    private static func message(_ example: String, _ verb: IntakeVerb) throws -> IntakeMessage {
        try IntakeDecoder.decode(
            body: Array(self.example(example)), routingKey: verb.routingKey("radiology"), MessageProperties())
    }

    private static func sender(_ id: String, replyTo: String? = nil, correlationID: String? = nil) -> IntakeSender {
        IntakeSender(
            tenant: "radiology", source: "radiology/pacs-gateway", messageID: id, replyTo: replyTo,
            correlationID: correlationID)
    }

    @Test func requestsAndCompletionsAreReadFromTheirExamples() throws {
        #expect(
            try Self.message("study-requested.minimal.json", .requested)
                == .requested(
                    StudyRequest(
                        sender: Self.sender("2026-000125"), source: "pacs", studyInstanceUID: "1.2.840.113619.2.1",
                        order: StudyOrder(pipeline: .segment))))
        #expect(
            try Self.message("study-requested.full.json", .requested)
                == .requested(
                    StudyRequest(
                        sender: Self.sender("2026-000126"), source: "pacs", studyInstanceUID: "1.2.840.113619.2.2",
                        order: StudyOrder(
                            pipeline: .segment, model: "spine@3", skipsAir: true, repairs: true, names: .network),
                        priority: .urgent,
                        deduplicationKey: "2026-000126/first")))
        #expect(
            try Self.message("study-completed.minimal.json", .completed)
                == .completed(
                    StudyCompletion(sender: Self.sender("2026-000127"), studyInstanceUID: "1.2.840.113619.2.3")))
        #expect(
            try Self.message("study-completed.full.json", .completed)
                == .completed(
                    StudyCompletion(
                        sender: Self.sender("2026-000128"), studyInstanceUID: "1.2.840.113619.2.3", instanceCount: 312))
        )
    }

    @Test func correctionsAreReadFromTheirExamplesAndFromWhatTheyWrite() throws {
        let study = try #require(StudyID("7c9e6679-7425-40de-944b-e07fc1f90ae7"))
        let minimal = StudyCorrection(
            sender: Self.sender("2026-000131"), study: study, labelPath: "/studies/2026/000124/corrected.nii.gz")
        let full = StudyCorrection(
            sender: Self.sender("2026-000132"), study: study, labelPath: "/studies/2026/000124/corrected.nii.gz",
            numbering: "verse", parent: "sha256:" + String(repeating: "0a", count: 32), author: "Reader 4",
            priority: .urgent, deduplicationKey: "2026-000132/first")
        #expect(try Self.message("study-corrected.minimal.json", .corrected) == .corrected(minimal))
        #expect(try Self.message("study-corrected.full.json", .corrected) == .corrected(full))
        for one in [minimal, full] {
            let written = try one.message()
            #expect(
                try IntakeDecoder.decode(body: written.body, routingKey: written.routingKey, written.properties)
                    == .corrected(one))
        }
        #expect(minimal.order.pipeline == .correct)
    }

    @Test func requestsAndCompletionsReadWhatTheyWrite() throws {
        let sender = IntakeSender(tenant: "ward-3", messageID: "m", replyTo: "q", correlationID: "c")
        let request = StudyRequest(
            sender: sender, source: "pacs", studyInstanceUID: "1.2.3", order: StudyOrder(pipeline: .segment),
            priority: .urgent)
        let asked = try request.message()
        #expect(
            try IntakeDecoder.decode(body: asked.body, routingKey: asked.routingKey, asked.properties)
                == .requested(request))
        let completion = StudyCompletion(sender: sender, studyInstanceUID: "1.2.3", instanceCount: 7)
        let said = try completion.message()
        #expect(
            try IntakeDecoder.decode(body: said.body, routingKey: said.routingKey, said.properties)
                == .completed(completion))
    }

    @Test(arguments: [
        (IntakeVerb.requested, #"{"studyInstanceUID": "1.2"}"#, ContractError.Code.missingField, "/data/source"),
        (.requested, #"{"source": "pacs", "studyInstanceUID": "1.02"}"#, .invalidValue, "/data/studyInstanceUID"),
        (.requested, #"{"source": "pacs", "studyInstanceUID": "1.2\\*"}"#, .invalidValue, "/data/studyInstanceUID"),
        (.requested, #"{"source": "../pacs", "studyInstanceUID": "1.2"}"#, .invalidValue, "/data/source"),
        (.requested, #"{"source": "pacs", "studyInstanceUID": "1.2", "path": "/x"}"#, .unknownField, "/data/path"),
        (.corrected, #"{"labelPath": "/x"}"#, .missingField, "/data/study"),
        (.corrected, #"{"study": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}"#, .missingField, "/data/labelPath"),
        (.corrected, #"{"study": "hospital-17", "labelPath": "/x"}"#, .invalidValue, "/data/study"),
        (
            .corrected,
            #"{"study": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "labelPath": "/x", "parent": "map.nii.gz"}"#,
            .invalidValue, "/data/parent"
        ),
        (
            .corrected, #"{"study": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "labelPath": "/x", "author": ""}"#,
            .invalidValue, "/data/author"
        ),
        (.completed, #"{"studyInstanceUID": "1.2", "instances": 0}"#, .invalidValue, "/data/instances"),
        (.completed, #"{"studyInstanceUID": "1.2", "instances": 1.5}"#, .invalidValue, "/data/instances"),
        (.completed, #"{"studyInstanceUID": "1.2", "instances": "12"}"#, .wrongType, "/data/instances"),
    ])
    func whatBreaksTheContractIsNamed(verb: IntakeVerb, data: String, code: ContractError.Code, pointer: String) throws
    {
        let body = #"{"specversion": "1.0", "id": "1", "source": "s", "type": "\#(verb.eventType)", "data": \#(data)}"#
        let error = try #require(throws: ContractError.self) {
            try IntakeDecoder.decode(body: Array(body.utf8), routingKey: verb.routingKey("a"), MessageProperties())
        }
        #expect((error.code, error.pointer) == (code, pointer))
    }

    @Test func aTypeThatDoesNotGoWithTheRoutingKeyIsRefused() throws {
        let error = try #require(throws: ContractError.self) {
            try Self.message("study-requested.minimal.json", .completed)
        }
        #expect(error.code == .unknownType)
    }

    @Test func controlMessagesLookLikeTheirExamples() throws {
        let job = try #require(JobID("6d0c7c0e-5d9f-4a2c-9d4e-0f6f2f8a1b11"))
        let cases: [(ControlMessage, String)] = [
            (ControlMessage(.cancel, .job(job)), "control.cancel-job.json"),
            (ControlMessage(.pause, .stage(.training)), "control.pause-stage.json"),
        ]
        for (message, name) in cases {
            let written = try #require(
                try JSONSerialization.jsonObject(with: Data(message.message().body)) as? [String: Any])
            let example = try #require(try JSONSerialization.jsonObject(with: Self.example(name)) as? [String: Any])
            #expect(written["type"] as? String == example["type"] as? String)
            #expect(Set(written.keys) == Set(example.keys))
            #expect(written["data"] as? [String: String] == example["data"] as? [String: String])
        }
    }

    @Test(arguments: [
        MessageProperties(messageID: String(repeating: "m", count: 256)), MessageProperties(correlationID: "a\u{0}b"),
        MessageProperties(correlationID: String(repeating: "\u{FFFD}", count: 86)),
        MessageProperties(replyTo: "line\nbreak"),
        MessageProperties(replyTo: "columna.intake"), unreadable("message_id"), unreadable("correlation_id"),
        unreadable("reply_to"),
    ])
    func propertiesThatDatabaseOrBrokerWouldRefuseLaterAreRefusedNow(properties: MessageProperties) throws {
        let body = try Self.example("study-submitted.minimal.json")
        let error = #expect(throws: ContractError.self) { try Self.decode(body, properties) }
        #expect(error?.code == .invalidValue)
    }

    // MARK: What senders write

    private static func event(_ attributes: String = "", data: String = #""path": "/a""#) -> [UInt8] {
        Array(
            #"{"specversion": "1.0", "id": "1", "source": "ris/ward-3", "type": "dev.columna.study.submitted.v1"\#(attributes), "data": {\#(data)}}"#
                .utf8)
    }

    private static func read(_ body: [UInt8], _ properties: MessageProperties = MessageProperties()) throws
        -> StudySubmission
    {
        try #require(
            try IntakeDecoder.decode(body: body, routingKey: "study.submitted.radiology", properties).submission)
    }

    /// cloudevents/sdk-python#199; CloudEvents JSON format 1.0.2, section 2.2.
    @Test(arguments: ["time", "subject", "datacontenttype", "dataschema", "traceparent", "sequence"])
    func anAttributeThatIsNullIsUnset(name: String) throws {
        #expect(try Self.read(Self.event(#", "\#(name)": null"#)) == Self.read(Self.event()))
    }

    @Test(arguments: [
        "labelPath", "series", "pipeline", "model", "priority", "deduplicationKey", "skipAir", "repair", "names",
    ])
    func aMemberOfTheDataThatIsNullIsUnset(name: String) throws {
        let submission = try Self.read(Self.event(data: #""path": "/a", "\#(name)": null"#))
        #expect(try submission == Self.read(Self.event()))
        #expect(try submission.contentDigest == Self.read(Self.event()).contentDigest, "and asks for the same")
    }

    @Test func aRequiredAttributeThatIsNullIsMissing() throws {
        let body = Array(
            #"{"specversion": "1.0", "id": null, "source": "s", "type": "dev.columna.study.submitted.v1", "data": {"path": "/a"}}"#
                .utf8)
        let error = try #require(throws: ContractError.self) { try Self.read(body) }
        #expect((error.code, error.pointer) == (.missingField, "/id"))
    }

    /// The standard's attributes and documented extensions from which nothing follows.
    @Test(arguments: [
        #""dataschema": "https://hospital.example/schemas/study""#,
        #""datacontenttype": "application/json; charset=utf-8""#,
        #""datacontenttype": "application/vnd.hospital+json""#, #""datacontenttype": "text/json""#,
        #""time": "2026-01-31t09:00:00.123z""#,
        #""partitionkey": "7""#, #""sequence": "42", "sequencetype": "Integer""#, #""sampledrate": 1"#,
        #""recordedtime": "2026-01-31T09:00:00Z""#,
        #""traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "tracestate": "a=b""#,
    ])
    func attributesOfTheStandardAreTaken(attributes: String) throws {
        #expect(try Self.read(Self.event(", " + attributes)) == Self.read(Self.event()))
    }

    @Test(arguments: [
        (#""datacontenttype": "application/xml""#, ContractError.Code.invalidValue, "/datacontenttype"),
        (#""dataschema": """#, .invalidValue, "/dataschema"),
        (#""dataschema": 1"#, .wrongType, "/dataschema"),
        (#""expirytime": "2026-01-31T09:00:00Z""#, .unknownField, "/expirytime"),
        (#""dataref": "https://a/b""#, .unknownField, "/dataref"),
        (#""Time": "2026-01-31T09:00:00Z""#, .unknownField, "/Time"),
    ])
    func attributesThatWouldChangeWhatIsMeantAreNot(attributes: String, code: ContractError.Code, pointer: String)
        throws
    {
        let error = try #require(throws: ContractError.self) { try Self.read(Self.event(", " + attributes)) }
        #expect((error.code, error.pointer) == (code, pointer))
    }

    /// RFC 7493, section 2.3: which of two is meant nobody knows.
    @Test(arguments: [
        (#", "time": null, "time": "2026-01-31T09:00:00Z""#, #""path": "/a""#, "/time"),
        ("", #""path": "/a", "path": "/b""#, "/data/path"),
        ("", #""path": "/a", "p\u0061th": "/a""#, "/data/path"), (#", "data": {}"#, #""path": "/a""#, "/data"),
        ("", #""path": "/a", "model": {"deep": [{"x": 1, "x": 1}]}"#, "/data/model/deep/0/x"),
        ("", #""path": "/a", "Müller": 1, "Müller": 2"#, "/data"),
    ])
    func aMemberThatStandsTwiceIsNamed(attributes: String, data: String, pointer: String) throws {
        let error = try #require(throws: ContractError.self) { try Self.read(Self.event(attributes, data: data)) }
        #expect((error.code, error.pointer) == (.duplicateMember, pointer))
        #expect(error.description.contains("twice") && !error.description.contains("ller"), "\(error)")
    }

    /// celery/kombu#707, celery/celery#1825: what is not JSON is called what it is.
    @Test(
        arguments: [
            ([0x1F, 0x8B, 0x08, 0x00], "gzip"), ([0x78, 0x9C, 0x01], "zlib"), ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard"),
            (Array("BZh9".utf8), "bzip2"),
            ([0xFF, 0xFE, 0x7B, 0x00], "UTF-16"), (Array("<?xml version='1.0'?>".utf8), "XML"),
            (Array("MSH|^~".utf8), "HL7"),
            (Array("eyJzcGVjdmVyc2lvbiI6ICIxLjAifQ==".utf8), "base64"), ([], "nothing"),
            ([0x50, 0x4B, 0x03, 0x04], "zip"),
        ] as [([UInt8], String)])
    func whatIsNotJSONIsNamed(body: [UInt8], name: String) throws {
        let error = try #require(throws: ContractError.self) { try Self.read(body) }
        #expect(error.code == .notJSON && error.description.contains(name), "\(error)")
    }

    @Test func aContentEncodingIsNamedWhereItIsTheReasonAndIgnoredWhereItIsNot() throws {
        let error = try #require(throws: ContractError.self) {
            try Self.read([0x1F, 0x8B, 0x08], MessageProperties(contentEncoding: "gzip"))
        }
        #expect(error.description.contains("content_encoding") && error.description.contains("gzip"))
        for encoding in ["utf-8", "gzip", ""] {
            #expect(try Self.read(Self.event(), MessageProperties(contentEncoding: encoding)).path == "/a")
        }
    }

    @Test(arguments: [
        "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "01", "1.", "-", "1e", "\"\\x\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
        "\"\u{1}\"", "tru", "{} {}", "nan", "\"open", "'a'",
        "{\"a\": undefined}", "\"\\u12g4\"", "+1", ".5", "// comment\n{}",
    ])
    func whatIsNotQuiteJSONIsRefusedWithThePlace(text: String) throws {
        let error = try #require(throws: ContractError.self) { try Self.read(Array(text.utf8)) }
        #expect(error.code == .notJSON && error.description.contains("at byte"), "\(error)")
    }

    @Test func everyKindOfEscapeIsRead() throws {
        let path = #"/a\u00fc\u0041\ud83d\ude00\/\"\\"#
        #expect(try Self.read(Self.event(data: #""path": "\#(path)""#)).path == "/aüA😀/\"\\")
        #expect(try Self.read([0xEF, 0xBB, 0xBF] + Self.event()).path == "/a", "behind a byte order mark")
    }

    /// Tenant, source and id are one key of an index, whose entries have an end.
    @Test func aSourceOf512CharactersIsTakenAndNotOneOf1025Bytes() throws {
        func read(_ source: String) throws -> String {
            try Self.read(
                Array(
                    #"{"specversion":"1.0","id":"1","source":"\#(source)","type":"dev.columna.study.submitted.v1","data":{"path":"/a"}}"#
                        .utf8)
            ).sender.source
        }
        #expect(try read(String(repeating: "s", count: 512)).count == 512)
        #expect(throws: ContractError.self) { try read(String(repeating: "s", count: 513)) }
        #expect(throws: ContractError.self) { try read(String(repeating: "界", count: 342)) }
    }

    @Test func theContentIsTheSameHoweverARepeatIsWritten() throws {
        let one = try Self.read(Self.event(data: #""path": "/a", "priority": "routine", "model": "spine""#))
        let other = try Self.read(
            Self.event(
                #", "time": "2026-01-31T09:00:00Z""#,
                data: #""model" : "sp\u0069ne", "path":"/a", "pipeline": "segment""#))
        #expect(try one.contentDigest == other.contentDigest)
        #expect(try one.contentDigest != Self.read(Self.event(data: #""path": "/b", "model": "spine""#)).contentDigest)
    }

    // MARK: Refused messages

    private static func delivery(_ properties: MessageProperties, body: [UInt8] = Array("{}".utf8)) -> Delivery {
        Delivery(
            exchange: "columna.intake", routingKey: "study.submitted.radiology", queue: "columna.intake",
            deliveryTag: 1, properties: properties, body: body)
    }

    @Test func aRefusalIsToldWhereverAnAnswerCanBeSent() {
        func address(_ properties: MessageProperties) -> AnswerAddress? {
            IntakeDecoder.answerAddress(of: Self.delivery(properties))
        }
        #expect(
            address(MessageProperties(correlationID: "c", replyTo: "ward.results"))
                == AnswerAddress(queue: "ward.results", correlationID: "c"))
        #expect(address(MessageProperties(correlationID: "c")) == nil)
        #expect(address(MessageProperties(replyTo: "columna.dead")) == nil)
        #expect(address(MessageProperties(correlationID: "c", replyTo: "line\nbreak")) == nil)
        let nameless = AnswerAddress(queue: "ward.results", correlationID: nil)
        #expect(address(MessageProperties(correlationID: "line\nbreak", replyTo: "ward.results")) == nameless)
        #expect(
            address(MessageProperties(correlationID: String(repeating: "c", count: 256), replyTo: "ward.results"))
                == nameless)
        #expect(
            IntakeDecoder.eventID(of: Self.delivery(MessageProperties(), body: Array(#"{"id": "order-1"}"#.utf8)))
                == "order-1")
        #expect(IntakeDecoder.eventID(of: Self.delivery(MessageProperties(), body: Array("{}".utf8))) == nil)
    }

    @Test func aRefusedMessageIsPublishedAgainWithAllThatItsSenderSaid() throws {
        let came = MessageProperties(
            contentType: "application/cloudevents+json", contentEncoding: "gzip", messageID: "m", correlationID: "c",
            replyTo: "q", type: "t",
            headers: ["x-death": .null])
        let kept = try CanonicalJSON.decode(
            RejectedMessage.self, from: CanonicalJSON.string(RejectedMessage(Self.delivery(came))))
        let message = kept.message(body: [1], replayOf: "job")
        #expect(
            (message.exchange, message.routingKey, message.body) == ("columna.intake", "study.submitted.radiology", [1])
        )
        var expected = came
        expected.headers = ["x-columna-replay": "job"]
        #expect(message.properties == expected)
    }
}
