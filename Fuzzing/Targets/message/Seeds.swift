import Foundation
import Harness

/// The contract's own examples, good and bad, and what is hard on a JSON parser.
enum Seeds {
    static func write(to folder: URL) throws {
        for source in ["Contract/examples", "Contract/examples/invalid"] {
            try SeedFolder.copy(source, ending: ".json", largest: 4096, to: folder)
        }
        try Data(String(repeating: "[", count: 600).utf8).write(to: folder.appending(path: "nested.json"))
        try Data("{\"a\":1e9999,\"b\":-0.0,\"c\":\"\\ud83d\\ude00\\u0000\",\"a\":[]}".utf8).write(
            to: folder.appending(path: "odd.json"))
        for (name, text) in written { try Data(text.utf8).write(to: folder.appending(path: "\(name).json")) }
        for (name, bytes) in packed { try Data(bytes).write(to: folder.appending(path: name)) }
    }

    private static func event(_ attributes: String, _ data: String = #""path":"/a""#) -> String {
        #"{"specversion":"1.0","id":"1","source":"ris","type":"dev.columna.study.submitted.v1"\#(attributes),"data":{\#(data)}}"#
    }

    /// As senders write events: unset attributes as null, the standard's and its extensions' attributes, a member
    /// twice, escapes, numbers at their ends.
    private static let written = [
        (
            "null",
            event(
                #","time":null,"subject":null,"datacontenttype":null,"dataschema":null"#,
                #""path":"/a","model":null,"priority":null"#)
        ),
        (
            "dataschema",
            event(#","dataschema":"https://hospital.example/s","datacontenttype":"application/json; charset=utf-8""#)
        ),
        (
            "extensions",
            event(
                #","partitionkey":"7","sequence":"42","sampledrate":1,"recordedtime":"2026-01-31t09:00:00.1z","traceparent":"00-a-b-01""#
            )
        ),
        ("twice", event("", #""path":"/a","p\u0061th":"/b""#)),
        ("twice-deep", event("", #""path":"/a","model":{"x":[{"y":1,"y":2}]}"#)),
        ("escapes", event("", #""path":"\ud83d\ude00\u00fc\/\\\"\b\f\n\r\t""#)),
        ("half", event("", #""path":"\ud83d\u0041""#)),
        ("numbers", "[0,-0,1.5e-300,1e308,1e309,01,1.,-,.5,+1,NaN]"), ("mark", "\u{FEFF}" + event("")),
    ]

    /// What comes in place of JSON: gzip, deflate, Zstandard, UTF-16, XML, HL7, base64.
    private static let packed: [(String, [UInt8])] = [
        ("gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xAB, 0xAE, 5, 0, 0x43, 0xBF, 0xA6, 0xA3, 2, 0, 0, 0]),
        ("deflate", [0x78, 0x9C, 0xAB, 0xAE, 5, 0, 1, 0x75, 0, 0xF9]),
        ("zstandard", [0x28, 0xB5, 0x2F, 0xFD, 0x20, 2, 0x11, 0, 0, 0x7B, 0x7D]),
        ("utf-16", [0xFF, 0xFE, 0x7B, 0, 0x7D, 0]),
        ("xml", Array("<?xml version='1.0'?><event/>".utf8)), ("hl7", Array("MSH|^~\\&|RIS|".utf8)),
        ("base64", Array("eyJzcGVjdmVyc2lvbiI6IjEuMCJ9".utf8)),
    ]
}
