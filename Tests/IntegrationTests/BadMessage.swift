import Testing

/// Messages that cannot become a study.
enum BadMessage: String, CaseIterable, CustomTestStringConvertible {
    case notJSON, notUTF8, wrongSchema, wrongType, unknownField, unknownVersion, otherEvent, tenMegabytes

    var testDescription: String { rawValue }

    /// The failure's code and a part of its reason.
    var answer: (code: String, reason: String) {
        switch self {
        case .notJSON, .notUTF8: ("message-not-json", "is not JSON in UTF-8")
        case .wrongSchema: ("message-missing-field", "/data/path is missing")
        case .wrongType: ("message-wrong-type", "/data/path is of type number, expected a string")
        case .unknownField: ("message-unknown-field", "/data/patientName is not in the contract")
        case .unknownVersion: ("message-unknown-version", "major version 2, expected version 1")
        case .otherEvent: ("message-unknown-type", "/type has a value")
        case .tenMegabytes: ("message-too-large", "the message has 10485760 bytes, at most 65536 are allowed")
        }
    }

    var body: [UInt8] {
        switch self {
        case .notJSON: Array("PATIENT=Mustermann;PATH=/studies/1".utf8)
        case .notUTF8: Array("{\"data\": \"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)
        case .wrongSchema: Self.event(data: "\"model\": \"tiny\"")
        case .wrongType: Self.event(data: "\"path\": 4711")
        case .unknownField: Self.event(data: "\"path\": \"/studies/1\", \"patientName\": \"Mustermann\"")
        case .unknownVersion: Self.event(type: "dev.columna.study.submitted.v2", data: "\"path\": \"/studies/1\"")
        case .otherEvent: Self.event(type: "com.example.mustermann", data: "\"path\": \"/studies/1\"")
        case .tenMegabytes: [UInt8](repeating: UInt8(ascii: " "), count: 10 << 20)
        }
    }

    private static func event(type: String = "dev.columna.study.submitted.v1", data: String) -> [UInt8] {
        Array(
            "{\"specversion\": \"1.0\", \"type\": \"\(type)\", \"id\": \"1\", \"source\": \"hospital/pacs\", \"data\": {\(data)}}"
                .utf8)
    }
}
