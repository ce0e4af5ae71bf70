import DICOMObjects
import DICOMweb
import Faults
import Foundation
import HTTP
import TestSupport
import Testing

/// Against servers that misbehave, and against what the standard allows and Orthanc does not do.
@Suite struct DICOMwebClientTests {
    let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test(arguments: [
        ("401 Unauthorized", DICOMwebError.Code.unauthorized, false), ("403 Forbidden", .unauthorized, false),
        ("410 Gone", .notFound, false),
        ("400 Bad Request", .refused, false), ("406 Not Acceptable", .refused, false),
        ("429 Too Many Requests", .unavailable, true),
        ("500 Internal Server Error", .serverFailure, true), ("503 Service Unavailable", .unavailable, true),
        ("408 Request Timeout", .serverFailure, true),
    ])
    func statusesAreSortedByWhetherToTryAgain(status: String, code: DICOMwebError.Code, isTransient: Bool) throws {
        let server = try ScriptedServer { _, _ in
            ScriptedServer.answer(status, headers: ["Retry-After: 7"], "{\"patient\": \"Doe\"}")
        }
        let client = try DICOMwebClient(baseURL: server.url, credentials: .basic(user: "me", password: "hidden"))
        let error = #expect(throws: DICOMwebError.self) {
            try client.retrieve(study: "1.2", into: scratch.url) { _ in }
        }
        #expect(error?.code == code)
        #expect(error?.isTransient == isTransient)
        #expect(error?.retryAfter == .seconds(7))
        let text = "\(error.map(\.description) ?? "")"
        #expect(!text.contains("hidden") && !text.contains("Doe") && !text.contains("1.2"))
        #expect(scratch.names.isEmpty)
    }

    @Test func nobodyListeningIsTransient() throws {
        let port = try SilentPort()
        let client = try DICOMwebClient(baseURL: #require(URL(string: "http://127.0.0.1:\(port.number)")))
        let error = #expect(throws: DICOMwebError(.unreachable, "")) { try client.instances(study: "1.2") }
        #expect(error?.isTransient == true)
    }

    @Test func answerThatIsNoTLSIsNoServerToTrust() throws {
        let server = try ScriptedServer { _, _ in "no handshake" }
        let client = try DICOMwebClient(baseURL: #require(URL(string: "https://127.0.0.1:\(server.port)")))
        let error = #expect(throws: DICOMwebError.self) { try client.instances(study: "1.2") }
        #expect(error.map { [.untrusted, .connectionLost].contains($0.code) } == true)
    }

    /// A certificate for 127.0.0.1 that its own key has signed is trusted only by who names it. (Debian's Orthanc dies
    /// of its own TLS.)
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: CertifiedServer.program)))
    func onlyTrustedCertificatesWillDo() throws {
        let certificate = scratch.url.appending(path: "certificate.pem")
        let server = try CertifiedServer(certificate: certificate, key: scratch.url.appending(path: "key.pem"))
        defer { server.shutDown() }
        let url = try #require(URL(string: "https://127.0.0.1:\(server.port)"))
        let stranger = try DICOMwebClient(baseURL: url)
        #expect(throws: DICOMwebError(.untrusted, "")) { try stranger.instances(study: "1.2") }
        // It answers with a page about itself, which shows that it was trusted.
        #expect(throws: DICOMwebError(.invalidResponse, "")) {
            try DICOMwebClient(baseURL: url, caFile: certificate).instances(study: "1.2")
        }
    }

    @Test func silenceEndsWithATimeOut() throws {
        let wait = DispatchSemaphore(value: 0)
        let server = try ScriptedServer { _, _ in
            wait.wait()
            return ""
        }
        let client = try DICOMwebClient(baseURL: server.url, timeout: .seconds(1))
        let error = #expect(throws: DICOMwebError(.timedOut, "")) { try client.instances(study: "1.2") }
        wait.signal()
        #expect(error?.isTransient == true)
    }

    @Test func redirectsAreFollowedAFewTimesAndNowhereElse() throws {
        let once = try ScriptedServer { _, number in
            number == 1
                ? ScriptedServer.answer("302 Found", headers: ["Location: /elsewhere"])
                : ScriptedServer.answer("200 OK", "[]")
        }
        #expect(try DICOMwebClient(baseURL: once.url).instances(study: "1.2").isEmpty)
        #expect(once.requests.last?.line == "GET /elsewhere HTTP/1.1")
        let circle = try ScriptedServer { _, _ in ScriptedServer.answer("302 Found", headers: ["Location: /round"]) }
        #expect(throws: DICOMwebError(.refused, "")) { try DICOMwebClient(baseURL: circle.url).instances(study: "1.2") }
        #expect(circle.requests.count == 6)
        let file = try ScriptedServer { _, _ in
            ScriptedServer.answer("302 Found", headers: ["Location: file:///etc/passwd"])
        }
        #expect(throws: DICOMwebError(.refused, "")) { try DICOMwebClient(baseURL: file.url).instances(study: "1.2") }
    }

    @Test func credentialsStayWithTheirHost() throws {
        let other = try ScriptedServer { _, _ in ScriptedServer.answer("200 OK", "[]") }
        let server = try ScriptedServer { _, _ in
            ScriptedServer.answer("302 Found", headers: ["Location: http://localhost:\(other.port)/x"])
        }
        _ = try DICOMwebClient(baseURL: server.url, credentials: .bearer(token: "hidden")).instances(study: "1.2")
        #expect(server.requests.first?.headers.contains("Authorization: Bearer hidden") == true)
        #expect(other.requests.count == 1)
        #expect(other.requests.first?.headers.contains { $0.lowercased().hasPrefix("authorization") } == false)
    }

    @Test func listsComeInPages() throws {
        let server = try ScriptedServer { request, _ in
            let offset = request.line.contains("offset=0") ? 0 : request.line.contains("offset=2 ") ? 2 : 3
            let entries = (offset..<min(offset + 2, 3)).map { number in
                "{\"0020000E\": {\"vr\": \"UI\", \"Value\": [\"1.5\"]}, \"00080018\": {\"vr\": \"UI\", \"Value\": [\"1.6.\(number)\"]}, \"00100010\": {\"vr\": \"PN\", \"Value\": [{\"Alphabetic\": \"x\"}]}}"
            }
            return entries.isEmpty
                ? ScriptedServer.answer("204 No Content")
                : ScriptedServer.answer("200 OK", "[\(entries.joined(separator: ","))]")
        }
        let instances = try DICOMwebClient(baseURL: server.url).instances(study: "1.2")
        #expect(instances.map(\.sopInstanceUID) == ["1.6.0", "1.6.1", "1.6.2"])
        #expect(server.requests.count == 3)
    }

    /// What PS3.18 says of an empty list is 204; 404 comes from old servers, and from a proxy or a server that is not
    /// up yet.
    @Test func notFoundIsNoEmptyStudyButTheEndOfAListAndNoObject() throws {
        let entry =
            "{\"0020000E\": {\"vr\": \"UI\", \"Value\": [\"1.5\"]}, \"00080018\": {\"vr\": \"UI\", \"Value\": [\"1.6\"]}}"
        let server = try ScriptedServer { request, _ in
            request.line.contains("/1.2/instances?") && request.line.contains("offset=0")
                ? ScriptedServer.answer("200 OK", "[\(entry)]") : ScriptedServer.answer("404 Not Found")
        }
        let client = try DICOMwebClient(baseURL: server.url)
        #expect(try client.instances(study: "1.2").map(\.sopInstanceUID) == ["1.6"])
        #expect(throws: DICOMwebError(.notFound, "")) { try client.instances(study: "1.3") }
        #expect(try !client.contains(sopInstanceUID: "1.6", study: "1.3", series: "1.5"))
    }

    @Test(arguments: ["{", "[1]", "<html></html>", ""])
    func listsThatAreNoJSONAreRefused(text: String) throws {
        let server = try ScriptedServer { _, _ in ScriptedServer.answer("200 OK", text) }
        #expect(throws: DICOMwebError(.invalidResponse, "")) {
            try DICOMwebClient(baseURL: server.url).instances(study: "1.2")
        }
    }

    @Test func partsBecomeFilesAndFilesGoAway() throws {
        let body =
            "--b\r\nContent-Type: application/dicom\r\n\r\nfirst\r\n--b\r\nContent-Type: application/dicom; transfer-syntax=1.2\r\n\r\nsecond\r\n--b--"
        let server = try ScriptedServer { _, _ in ScriptedServer.answer("200 OK", type: ScriptedServer.multipart, body)
        }
        let contents = Contents()
        let count = try DICOMwebClient(baseURL: server.url).retrieve(study: "1.2", series: "1.3", into: scratch.url) {
            try contents.take($0)
        }
        #expect(count == 2 && contents.texts == ["first", "second"])
        #expect(scratch.names.isEmpty)
        let request = try #require(server.requests.first)
        #expect(request.line == "GET /dicom-web/studies/1.2/series/1.3 HTTP/1.1")
        #expect(request.headers.contains("Accept: multipart/related; type=\"application/dicom\"; transfer-syntax=*"))
    }

    @Test(arguments: [
        ("--b\r\n\r\nfirst\r\n--b\r\n\r\nsec", DICOMwebError.Code.truncated, ["first"]), ("", .truncated, []),
        ("--b\r\nContent-Type: text/html\r\n\r\nx\r\n--b--", .invalidResponse, []),
        ("--b\r\n\r\n" + String(repeating: "x", count: 5000) + "\r\n--b--", .tooLarge, []),
        ("--b\r\n\r\n1\r\n--b\r\n\r\n2\r\n--b\r\n\r\n3\r\n--b--", .tooLarge, ["1", "2"]),
    ])
    func answersThatAreCutOffOrTooLargeAreErrors(body: String, code: DICOMwebError.Code, taken: [String]) throws {
        let server = try ScriptedServer { _, _ in ScriptedServer.answer("200 OK", type: ScriptedServer.multipart, body)
        }
        let contents = Contents()
        let limits = DICOMwebClient.RetrievalLimits(largestInstanceInBytes: 4000, mostInstances: 2)
        let error = #expect(throws: DICOMwebError.self) {
            try DICOMwebClient(baseURL: server.url).retrieve(study: "1.2", into: scratch.url, limits: limits) {
                try contents.take($0)
            }
        }
        #expect(error?.code == code)
        #expect(contents.texts == taken)
        #expect(scratch.names.isEmpty)
    }

    @Test func receiverMayEndTheTransfer() throws {
        let body = "--b\r\n\r\nfirst\r\n--b\r\n\r\nsecond\r\n--b--"
        let server = try ScriptedServer { _, _ in ScriptedServer.answer("200 OK", type: ScriptedServer.multipart, body)
        }
        var count = 0
        #expect(throws: CocoaError.self) {
            try DICOMwebClient(baseURL: server.url).retrieve(study: "1.2", into: scratch.url) { _ in
                count += 1
                throw CocoaError(.fileWriteOutOfSpace)
            }
        }
        #expect(count == 1 && scratch.names.isEmpty)
    }

    /// The connection ends before the length that was announced.
    @Test func brokenConnectionIsTruncated() throws {
        let server = try ScriptedServer { _, _ in
            "HTTP/1.1 200 OK\r\nContent-Type: \(ScriptedServer.multipart)\r\nContent-Length: 100000\r\n\r\n--b\r\n\r\nhalf"
        }
        let error = #expect(throws: DICOMwebError(.truncated, "")) {
            try DICOMwebClient(baseURL: server.url).retrieve(study: "1.2", into: scratch.url) { _ in }
        }
        #expect(error?.isTransient == true)
    }

    @Test func answerOfAnotherKindIsRefused() throws {
        let server = try ScriptedServer { _, _ in ScriptedServer.answer("200 OK", type: "text/html", "<html>") }
        #expect(throws: DICOMwebError(.invalidResponse, "")) {
            try DICOMwebClient(baseURL: server.url).retrieve(study: "1.2", into: scratch.url) { _ in }
        }
    }

    @Test(arguments: ["../../etc", "1.2/../..", "", "1.2?x", String(repeating: "1", count: 65)])
    func identifiersCannotLeadElsewhere(identifier: String) throws {
        let client = try DICOMwebClient(baseURL: #require(URL(string: "http://127.0.0.1:1")))
        #expect(throws: DICOMwebError(.invalidConfiguration, "")) { try client.instances(study: identifier) }
    }

    @Test func everyObjectHasItsOwnOutcome() throws {
        let objects = (1...4).map { TestObject(number: $0) }
        let files = try objects.map { try $0.write(to: scratch.url) }
        func item(_ object: TestObject, _ more: String = "") -> String {
            "{\"00081155\": {\"vr\": \"UI\", \"Value\": [\"\(object.sopInstance)\"]}\(more)}"
        }
        let stored = [item(objects[0]), item(objects[1], ", \"00081196\": {\"vr\": \"US\", \"Value\": [45056]}")]
            .joined(separator: ",")
        let failed = item(objects[2], ", \"00081197\": {\"vr\": \"US\", \"Value\": [42752]}")
        let answer =
            "{\"00081199\": {\"vr\": \"SQ\", \"Value\": [\(stored)]}, \"00081198\": {\"vr\": \"SQ\", \"Value\": [\(failed)]}}"
        let server = try ScriptedServer { _, _ in ScriptedServer.answer("202 Accepted", answer) }
        let outcomes = try DICOMwebClient(baseURL: server.url).store(files)
        #expect(outcomes.map(\.isStored) == [true, true, false, false])
        #expect(outcomes.map(\.isTransient) == [false, false, true, false])
        let request = try #require(server.requests.first)
        #expect(request.line == "POST /dicom-web/studies HTTP/1.1")
        for object in objects { #expect(request.body.range(of: object.file) != nil) }
    }

    @Test func aLinkIsSentAsTheObjectItLeadsTo() throws {
        let object = TestObject(number: 1)
        let link = scratch.url.appending(path: "link.dcm")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: object.write(to: scratch.url))
        let server = try ScriptedServer { _, _ in ScriptedServer.answer("200 OK", "{}") }
        _ = try DICOMwebClient(baseURL: server.url).store([link])
        #expect(try #require(server.requests.first).body.range(of: object.file) != nil)
    }

    /// Where memory or a disk fails, the object is none the worse, and another try may do.
    @Test(arguments: DICOMObjectErrorCode.allCases)
    func onlyAnObjectThatIsNoneIsTheObjectsFault(code: DICOMObjectErrorCode) {
        let error = DICOMwebError(sending: DICOMObjectError(code, "it is so"))
        #expect((error.blame == .input) == (code.blame == .input), "\(code): \(error)")
    }

    @Test func refusedRequestIsTheOutcomeOfEveryFile() throws {
        let file = try TestObject(number: 1).write(to: scratch.url)
        let none = scratch.url.appending(path: "none.dcm")
        let busy = try ScriptedServer { _, _ in ScriptedServer.answer("503 Busy") }
        let outcomes = try DICOMwebClient(baseURL: busy.url).store([file, none])
        #expect(outcomes.map(\.isTransient) == [true, false])
        let conflict = try ScriptedServer { _, _ in
            ScriptedServer.answer(
                "409 Conflict",
                "{\"00081198\": {\"vr\": \"SQ\", \"Value\": [{\"00081155\": {\"vr\": \"UI\", \"Value\": [\"\(TestObject(number: 1).sopInstance)\"]}, \"00081197\": {\"vr\": \"US\", \"Value\": [272]}}]}}"
            )
        }
        guard case .refused(reason: 272)? = try DICOMwebClient(baseURL: conflict.url).store([file]).first?.result else {
            return #expect(Bool(false), "expected the server's reason")
        }
    }

    @Test(arguments: ["ftp://host/x", "http://user:secret@host/", "file:///x", "http://host/?a=b", "/relative"])
    func addressesAreChecked(text: String) throws {
        let url = try #require(URL(string: text))
        let error = #expect(throws: DICOMwebError(.invalidConfiguration, "")) { try DICOMwebClient(baseURL: url) }
        #expect(error?.description.contains("secret") == false)
    }
}

/// Texts of the files that were handed over.
final class Contents {
    private(set) var texts: [String] = []

    func take(_ file: URL) throws { texts.append(String(decoding: try Data(contentsOf: file), as: UTF8.self)) }
}
