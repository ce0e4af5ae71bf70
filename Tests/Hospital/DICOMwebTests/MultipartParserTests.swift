import DICOMweb
import Foundation
import Statistics
import Testing

@Suite struct MultipartParserTests {
    struct Part: Equatable {
        var headers: [String: String]
        var content: [UInt8] = []
        var isWhole = false
    }

    /// Feeds `bytes` in chunks of these sizes, again and again.
    static func parse(_ bytes: [UInt8], boundary: String = "b", chunks: [Int] = [.max]) throws -> [Part] {
        var parser = MultipartParser(boundary: boundary)
        var parts: [Part] = []
        var rest = bytes[...]
        var turn = 0
        while !rest.isEmpty {
            let chunk = Array(rest.prefix(chunks[turn % chunks.count]))
            rest = rest.dropFirst(chunk.count)
            turn += 1
            try chunk.withUnsafeBytes { bytes in
                try parser.feed(bytes) { event throws(DICOMwebError) in
                    switch event {
                    case .began(let headers): parts.append(Part(headers: headers))
                    case .content(let bytes): parts[parts.count - 1].content += Array(bytes)
                    case .ended: parts[parts.count - 1].isWhole = true
                    }
                }
            }
        }
        try parser.finish()
        return parts
    }

    static let body = Array(
        "before\r\n--b\r\nContent-Type: application/dicom\r\nX:y\r\n\r\none\r\n--a\r\n-\r\n--b \t\r\n\r\n\r\n--b\r\nA: 1\r\n\r\n\r\n\r\n--b--\r\nafter --b\r\n"
            .utf8)
    static let parts = [
        Part(
            headers: ["content-type": "application/dicom", "x": "y"], content: Array("one\r\n--a\r\n-".utf8),
            isWhole: true),
        Part(headers: [:], content: [], isWhole: true),
        Part(headers: ["a": "1"], content: Array("\r\n".utf8), isWhole: true),
    ]

    @Test(arguments: [[1], [2], [3], [5], [7, 1, 2], [64], [.max]])
    func partsAreTheSameHoweverTheyArrive(chunks: [Int]) throws {
        #expect(try Self.parse(Self.body, chunks: chunks) == Self.parts)
    }

    @Test func everyShorterBodyIsTruncated() {
        let end = Self.body.count - "\r\nafter --b\r\n".utf8.count
        for length in 0..<end {
            #expect(throws: DICOMwebError(.truncated, "")) { try Self.parse(Array(Self.body.prefix(length))) }
        }
        #expect(throws: Never.self) { try Self.parse(Array(Self.body.prefix(end))) }
    }

    @Test func headersWithoutEndAreRefused() {
        let endless = Array("--b\r\nX: ".utf8) + [UInt8](repeating: 0x41, count: MultipartParser.largestHeaders + 100)
        #expect(throws: DICOMwebError(.invalidResponse, "")) { try Self.parse(endless, chunks: [1000]) }
        let large = endless + Array("\r\n\r\n\r\n--b--".utf8)
        #expect(throws: DICOMwebError(.invalidResponse, "")) { try Self.parse(large) }
    }

    @Test(arguments: ["--bx\r\n\r\n--b--", "--b\r\nno colon\r\n\r\n\r\n--b--", "--b-\r\n"])
    func brokenFramesAreRefused(text: String) {
        #expect(throws: DICOMwebError(.invalidResponse, "")) { try Self.parse(Array(text.utf8)) }
    }

    /// Bodies of random bytes with pieces of delimiters strewn in: chunking must not change what comes out.
    @Test func chunkingNeverChangesTheResult() {
        var generator = SplitMix64(seed: 7)
        let pieces = ["\r\n--b", "--", "\r\n", "\r\n\r\n", "--b--", "A: 1", "\r", "\n--b", "x"].map { Array($0.utf8) }
        for _ in 0..<3000 {
            var bytes: [UInt8] = Bool.random(using: &generator) ? Array("--b\r\n\r\n".utf8) : []
            for _ in 0..<Int.random(in: 0..<20, using: &generator) {
                bytes += pieces.randomElement(using: &generator) ?? []
                bytes += (0..<Int.random(in: 0..<4, using: &generator)).map { _ in
                    UInt8.random(in: 0...255, using: &generator)
                }
            }
            let whole = Result { try Self.parse(bytes) }
            let sizes = (0..<5).map { _ in Int.random(in: 1...9, using: &generator) }
            let pieced = Result { try Self.parse(bytes, chunks: sizes) }
            #expect((try? whole.get()) == (try? pieced.get()))
        }
    }

    @Test(arguments: [
        ("multipart/related; type=\"application/dicom\"; boundary=abc", "abc"),
        ("Multipart/Related;boundary=\"a b\"", "a b"),
        ("multipart/related; type=x", nil), ("application/json; boundary=abc", nil),
        ("multipart/related; boundary=", nil), ("", nil),
        ("multipart/related; boundary=" + String(repeating: "x", count: 71), nil),
    ])
    func boundaryIsTakenFromTheContentType(text: String, boundary: String?) {
        #expect(MultipartParser.boundary(ofContentType: text) == boundary)
    }
}
