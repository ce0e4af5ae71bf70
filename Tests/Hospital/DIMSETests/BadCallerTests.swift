import DIMSE
import Foundation
import Glibc
import TestSupport
import Testing

/// Callers that are no DICOM nodes, or stop being ones.
@Suite struct BadCallerTests {
    /// An A-ASSOCIATE-RQ (PS3.8 9.3.2) for CT Image Storage in explicit little endian.
    static func associateRequest(calling: String = "SENDER", called: String = TestProvider.title) -> [UInt8] {
        func item(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
            [type, 0, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
        }
        func title(_ text: String) -> [UInt8] {
            Array(text.utf8) + [UInt8](repeating: 0x20, count: 16 - text.utf8.count)
        }
        let context = item(
            0x20,
            [1, 0, 0, 0] + item(0x30, Array(TestObject.computedTomography.utf8))
                + item(0x40, Array(TestObject.explicit.utf8)))
        let user = item(0x50, item(0x51, [0, 0, 0x40, 0]) + item(0x52, Array("1.2.3".utf8)))
        let body =
            [0, 1, 0, 0] + title(called) + title(calling) + [UInt8](repeating: 0, count: 32)
            + item(0x10, Array("1.2.840.10008.3.1.1.1".utf8)) + context + user
        return [1, 0, 0, 0, UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
    }

    /// One P-DATA-TF with one fragment.
    static func fragment(context: UInt8 = 1, control: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length = content.count + 2
        func big(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
        return [4, 0] + big(length + 4) + big(length) + [context, control] + content
    }

    static func element(_ number: UInt16, _ value: [UInt8]) -> [UInt8] {
        [0, 0, UInt8(number & 0xFF), UInt8(number >> 8), UInt8(value.count & 0xFF), UInt8(value.count >> 8), 0, 0]
            + value
    }

    /// A C-STORE-RQ for an object of CT.
    static var storeRequest: [UInt8] {
        let sopClass = Array(TestObject.computedTomography.utf8) + [0]
        return element(0x0002, sopClass) + element(0x0100, [1, 0]) + element(0x0110, [1, 0]) + element(0x0700, [0, 0])
            + element(0x0800, [1, 0])
            + element(0x1000, Array("1.2.3.4\0".utf8))
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        /// Sent after the association is established, or instead of asking for one.
        var bytes: [UInt8]
        var asksFirst = true
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "another protocol", bytes: Array("GET / HTTP/1.1\r\nHost: here\r\n\r\n".utf8), asksFirst: false),
        Case(
            name: "a request of four gigabytes",
            bytes: [1, 0, 0xFF, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 100), asksFirst: false),
        Case(
            name: "a request of zeros", bytes: [1, 0, 0, 0, 0, 200] + [UInt8](repeating: 0, count: 200),
            asksFirst: false),
        Case(name: "a request cut off", bytes: Array(associateRequest().prefix(60)), asksFirst: false),
        Case(
            name: "items longer than the request",
            bytes: associateRequest().enumerated().map { $0.offset == 77 ? 0xFF : $0.element }, asksFirst: false),
        Case(name: "nothing at all", bytes: [], asksFirst: false),
        Case(name: "an unknown data unit", bytes: [9, 0, 0, 0, 0, 4, 1, 2, 3, 4]),
        Case(name: "a data unit of four gigabytes", bytes: [4, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2]),
        Case(
            name: "fragments that do not add up", bytes: [4, 0, 0, 0, 0, 10, 0xFF, 0xFF, 0xFF, 0xF0, 1, 3, 0, 0, 0, 0]),
        Case(name: "a fragment of length zero", bytes: [4, 0, 0, 0, 0, 4, 0, 0, 0, 0]),
        Case(name: "a command that is no command", bytes: fragment(control: 3, [UInt8](repeating: 0xFF, count: 64))),
        Case(name: "a command with a number of no bytes", bytes: fragment(control: 3, element(0x0100, []))),
        Case(name: "a command nested without end", bytes: fragment(control: 3, nested(levels: 2000))),
        Case(
            name: "a command over many fragments",
            bytes: (0..<40).flatMap { _ in fragment(control: 1, [UInt8](repeating: 0, count: 4000)) }),
        Case(name: "a context that was not accepted", bytes: fragment(context: 77, control: 3, storeRequest)),
        Case(name: "a dataset without a command", bytes: fragment(control: 2, [1, 2, 3, 4])),
        Case(
            name: "a command instead of a dataset",
            bytes: fragment(control: 3, storeRequest) + fragment(control: 3, storeRequest)),
        Case(
            name: "half an object",
            bytes: fragment(control: 3, storeRequest) + fragment(control: 0, [UInt8](repeating: 7, count: 5000))),
        Case(
            name: "half a data unit",
            bytes: Array(
                (fragment(control: 3, storeRequest) + fragment(control: 0, [UInt8](repeating: 7, count: 5000)))
                    .dropLast(1000))),
    ]

    static func nested(levels: Int) -> [UInt8] {
        let begin: [UInt8] = [0x40, 0, 0x30, 0xA7, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]
        return (0..<levels).flatMap { _ in begin }
    }

    /// The caller says its piece and closes, or stays silent until it is dropped; the provider goes on as if nothing
    /// had been.
    @Test(arguments: cases, [true, false])
    func badCallerIsDroppedWithoutATrace(_ one: Case, closes: Bool) throws {
        // Who says its piece must not be dropped before it could, on however busy a machine; for who stays silent
        // somebody must wait.
        let test = try TestProvider(timeout: closes ? .seconds(60) : .seconds(2))
        let caller = try Caller(port: test.port)
        if one.asksFirst {
            caller.send(Self.associateRequest())
            #expect(caller.receive(6).first == 2)
        }
        caller.send(one.bytes)
        if closes { caller.close() } else { caller.awaitEnd() }
        try test.node().echo()
        test.provider.stop(gracePeriod: .seconds(10))
        #expect(test.stored.isEmpty)
        #expect(test.leftovers.isEmpty)
        #expect(test.events.contains { if case .ended = $0.kind { true } else { false } })
    }

    @Test func manyBadCallersLeaveNoDescriptorsBehind() throws {
        let test = try TestProvider(maximumAssociations: 4, timeout: .seconds(5))
        let port = test.port
        try test.node().echo()
        for round in 0..<200 {
            let caller = try Caller(port: test.port)
            let one = Self.cases[round % Self.cases.count]
            if one.asksFirst { caller.send(Self.associateRequest()) }
            caller.send(one.bytes)
            caller.close()
        }
        test.provider.stop(gracePeriod: .seconds(20))
        #expect(try Self.sockets(at: port) == 0)
    }

    /// How many sockets some process still holds at a local port: those without an inode are the kernel's own (proc(5),
    /// net/tcp).
    private static func sockets(at port: Int) throws -> Int {
        let suffix = ":" + String(format: "%04X", port)
        return try String(contentsOfFile: "/proc/self/net/tcp", encoding: .utf8).split(separator: "\n").dropFirst()
            .count { line in
                let fields = line.split(separator: " ")
                return fields.count > 9 && fields[1].hasSuffix(suffix) && fields[9] != "0"
            }
    }

    /// A request that trickles in must not keep others waiting: each has its own thread until it is complete.
    @Test func slowRequestKeepsNobodyWaiting() throws {
        let test = try TestProvider(timeout: .seconds(30))
        let slow = try (0..<4).map { _ in try Caller(port: test.port) }
        for caller in slow { caller.send(Array(Self.associateRequest().prefix(50))) }
        try test.node().echo()
        for caller in slow { caller.send(Array(Self.associateRequest().dropFirst(50))) }
        for caller in slow { #expect(caller.receive(6).first == 2) }
    }

    /// The command says 1.2.3.4, the dataset something else.
    @Test func identifiersOfCommandAndDatasetMustAgree() throws {
        let test = try TestProvider()
        let caller = try Caller(port: test.port)
        caller.send(Self.associateRequest())
        let head = caller.receive(6)
        _ = caller.receive(Int(head[4]) << 8 | Int(head[5]))
        caller.send(
            Self.fragment(control: 3, Self.storeRequest)
                + Self.fragment(control: 2, [UInt8](TestObject(number: 1).dataset)))
        let answer = caller.receive(6)
        let body = caller.receive(Int(answer[4]) << 8 | Int(answer[5]))
        // Status (0000,0900) A900: dataset does not match SOP class.
        #expect(Data(body).range(of: Data([0, 0, 0, 0x09, 2, 0, 0, 0, 0x00, 0xA9])) != nil)
        #expect(test.stored.isEmpty)
    }

    @Test func unknownOperationIsAnsweredWithItsStatus() throws {
        let test = try TestProvider()
        let caller = try Caller(port: test.port)
        caller.send(Self.associateRequest())
        let head = caller.receive(6)
        _ = caller.receive(Int(head[4]) << 8 | Int(head[5]))
        // N-CREATE-RQ without dataset.
        let command =
            Self.element(0x0100, [0x40, 0x01]) + Self.element(0x0110, [9, 0]) + Self.element(0x0800, [1, 1])
        caller.send(Self.fragment(control: 3, command))
        let answer = caller.receive(6)
        let body = caller.receive(Int(answer[4]) << 8 | Int(answer[5]))
        // Status (0000,0900) 0211: unrecognized operation.
        #expect(Data(body).range(of: Data([0, 0, 0, 0x09, 2, 0, 0, 0, 0x11, 0x02])) != nil)
    }
}

/// A plain socket.
final class Caller {
    private var descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    deinit { close() }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// As many bytes as come, at most `count`.
    func receive(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var buffer = [UInt8](repeating: 0, count: count - bytes.count)
            let got = recv(descriptor, &buffer, buffer.count, 0)
            guard got > 0 else { break }
            bytes += buffer.prefix(got)
        }
        return bytes
    }

    /// Until the other side closes.
    func awaitEnd() {
        while !receive(1024).isEmpty {}
    }
}
