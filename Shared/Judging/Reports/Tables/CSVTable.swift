import Foundation

/// Comma-separated values (RFC 4180), one record after the other, in pieces.
struct CSVTable {
    enum Field {
        case text(String)
        case number(Double?)
        case integer(Int)
        case flag(Bool)
    }

    private(set) var text: String

    init(header: [String]) { text = header.joined(separator: ",") + "\r\n" }

    /// Numbers with every digit; nil, and what is no finite number, as nothing.
    mutating func append(_ fields: [Field]) {
        for (position, field) in fields.enumerated() {
            if position > 0 { text += "," }
            switch field {
            case .text(let value): text += Self.quoted(value)
            case .number(let value): text += NumberText.exact(value) ?? ""
            case .integer(let value): text += String(value)
            case .flag(let value): text += value ? "true" : "false"
            }
        }
        text += "\r\n"
    }

    /// Text that a spreadsheet would take for a formula gets an apostrophe before it.
    private static func quoted(_ value: String) -> String {
        var value = value
        if let first = value.first, "=+-@\t\r".contains(first) { value = "'" + value }
        guard value.contains(where: { ",\"\r\n".contains($0) || $0.isNewline }) else { return value }
        return "\"" + value.replacing("\"", with: "\"\"") + "\""
    }
}
