/// A JSON value as text. Numbers have every digit it takes to get them back; what is no finite number is null.
struct JSONWriter {
    /// How the text is laid out.
    enum Layout: Sendable {
        /// Lines with two spaces for each level; arrays of numbers on one line, where coordinates and sizes read better.
        case lines
        /// On one line, with a space behind each comma and colon.
        case line
        /// No space at all, and whole numbers without a fraction. Safe within JavaScript: what ends a line there is
        /// escaped.
        case compact
    }

    private let layout: Layout
    private var text = ""

    static func text(_ value: JSONValue, _ layout: Layout) -> String {
        var writer = JSONWriter(layout: layout)
        writer.write(value, level: 0)
        return writer.text
    }

    private mutating func write(_ value: JSONValue, level: Int) {
        switch value {
        case .object(let members):
            block(members, "{", "}", level) { writer, member, level in
                writer.write(member.key)
                writer.text += writer.layout == .compact ? ":" : ": "
                writer.write(member.value, level: level)
            }
        case .array(let values) where layout == .lines && values.allSatisfy(\.isNumber):
            text += JSONWriter.text(value, .line)
        case .array(let values): block(values, "[", "]", level) { $0.write($1, level: $2) }
        case .string(let string): write(string)
        case .integer(let number): text += String(number)
        case .number(let number): write(number)
        case .boolean(let truth): text += truth ? "true" : "false"
        case .null: text += "null"
        }
    }

    private mutating func block<Element>(
        _ elements: [Element], _ open: String, _ close: String, _ level: Int,
        _ write: (inout JSONWriter, Element, Int) -> Void
    ) {
        text += open
        for (position, element) in elements.enumerated() {
            if position > 0 { text += layout == .line ? ", " : "," }
            if layout == .lines { breakLine(level + 1) }
            write(&self, element, level + 1)
        }
        if layout == .lines, !elements.isEmpty { breakLine(level) }
        text += close
    }

    private mutating func breakLine(_ level: Int) { text += "\n" + String(repeating: "  ", count: level) }

    private mutating func write(_ number: Double) {
        guard number.isFinite else { return text += "null" }
        let isShort = layout == .compact && number == number.rounded() && abs(number) < 1e15
        text += isShort ? String(Int(number)) : "\(number)"
    }

    /// RFC 8259, section 7.
    private mutating func write(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r" where layout != .compact: text += "\\r"
            case "\t" where layout != .compact: text += "\\t"
            case "\u{0}"..."\u{1F}": escape(scalar)
            case "\u{7F}" where layout == .compact: escape(scalar)
            case "\u{2028}" where layout == .compact, "\u{2029}" where layout == .compact: escape(scalar)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    private mutating func escape(_ scalar: Unicode.Scalar) {
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}

extension JSONValue {
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .number: true
        default: false
        }
    }

    /// Lines and two-space indentation.
    package var text: String { JSONWriter.text(self, .lines) }

    /// All on one line.
    package var line: String { JSONWriter.text(self, .line) }

    /// As short as it can be.
    package var compact: String { JSONWriter.text(self, .compact) }
}
