import Documents
import Testing

@Suite struct JSONTests {
    private func parsed(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    private func fault(_ text: String) -> JSONFault? {
        do throws(JSONFault) {
            _ = try JSONValue(parsing: Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    private let document: JSONValue = [
        "name": "a\"\n\u{1}\u{2028}", "size": [.integer(3), .number(1.5)], "empty": [],
        "facts": ["b": nil, "a": .boolean(true)],
        "whole": .number(2), "none": .number(.nan),
    ]

    @Test func membersKeepTheirOrderAndNumbersTheirLine() {
        #expect(
            document.text == """
                {
                  "name": "a\\"\\n\\u0001\u{2028}",
                  "size": [3, 1.5],
                  "empty": [],
                  "facts": {
                    "b": null,
                    "a": true
                  },
                  "whole": 2.0,
                  "none": null
                }
                """)
        #expect(document.line.hasSuffix("\"facts\": {\"b\": null, \"a\": true}, \"whole\": 2.0, \"none\": null}"))
    }

    @Test func theShortestTextIsSafeWithinJavaScript() {
        #expect(
            document.compact
                == #"{"name":"a\"\n\u0001\u2028","size":[3,1.5],"empty":[],"facts":{"b":null,"a":true},"whole":2,"none":null}"#
        )
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        let value: JSONValue = ["b": [.integer(-1), .number(0.25), nil, .boolean(false)], "a": ["": "\u{1F9B4}"]]
        for text in [value.text, value.line, value.compact] { #expect(try parsed(text) == value) }
    }

    @Test func aNameThatStandsTwiceIsToldWithItsPlace() {
        #expect(fault(#"{"a": 1, "a": 1}"#) == .duplicate("a", in: []))
        #expect(fault(#"{"a": [0, {"b": 1, "b": 2}]}"#) == .duplicate("b", in: [.member("a"), .element(1)]))
        #expect(fault(#"{"a": {"b": 1}, "c": {"b": 2}}"#) == nil)
    }

    @Test(arguments: [
        ("", "a value", 0), ("{\"a\" 1}", "a colon", 5), ("[1,]", "a value", 3), ("[1] 2", "the end", 4),
        ("01", "the end", 1),
        ("1e999", "a number within the range of a double", 5), ("\"\\ud800\"", "the other half of a surrogate pair", 7),
    ]) func theFirstByteThatDoesNotBelongIsTold(text: String, expected: String, position: Int) {
        #expect(fault(text) == .unexpected(expected, at: position))
    }

    @Test func depthAndBytesHaveLimits() {
        #expect(fault(String(repeating: "[", count: 65) + String(repeating: "]", count: 65)) == nil)
        #expect(fault(String(repeating: "[", count: 100_000)) == .tooDeep)
        #expect(throws: JSONFault.notUTF8) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    }

    @Test func wholeNumbersStayWhole() throws {
        #expect(
            try parsed("[9007199254740993, 1.0, 1e2, -0]") == [
                .integer(9_007_199_254_740_993), .number(1), .number(100), .integer(0),
            ])
    }
}
