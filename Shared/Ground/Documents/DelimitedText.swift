/// A table in delimited text (RFC 4180): a header, and records with as many fields.
///
/// Fields are separated by commas, semicolons or tabs, whichever the header has most of; they may be quoted. A byte
/// order mark, empty lines and any kind of line end are taken as they come.
package struct DelimitedText: Sendable, Equatable {
    /// One line of the table.
    package struct Record: Sendable, Equatable {
        /// Of the text, from 1, where the record begins.
        package let line: Int
        fileprivate let fields: [String: String]

        /// The field of this column, without the space around it; nil where it is empty or there is no such column.
        package subscript(column: String) -> String? { fields[column].flatMap { $0.isEmpty ? nil : $0 } }
    }

    package let header: [String]
    package let records: [Record]

    /// - Throws: `DelimitedTextError`.
    package init(_ text: String) throws {
        var lines = try Self.lines(text)
        guard !lines.isEmpty else { throw DelimitedTextError(line: 1, "the table is empty, expected a header") }
        let header = lines.removeFirst().fields
        if let twice = header.first(where: { name in header.count { $0 == name } > 1 }) {
            throw DelimitedTextError(line: 1, "the header names '\(twice)' twice, expected every column once")
        }
        self.header = header
        records = try lines.map { line in
            guard line.fields.count == header.count else {
                throw DelimitedTextError(
                    line: line.number, "\(line.fields.count) fields, expected \(header.count) as the header has")
            }
            return Record(line: line.number, fields: Dictionary(uniqueKeysWithValues: zip(header, line.fields)))
        }
    }

    private typealias Line = (number: Int, fields: [String])

    private static func lines(_ text: String) throws -> [Line] {
        // In a Swift string CR LF is one character; a lone CR ends a line as well.
        let characters = text.drop { $0 == "\u{FEFF}" }
        let header = characters.prefix { !$0.isNewline }
        let separator = [",", ";", "\t"].map(Character.init).max { count($0, header) < count($1, header) } ?? ","
        var lines: [Line] = []
        var (fields, field): ([String], String) = ([], "")
        var (number, begun, isQuoted, wasQuoted) = (1, 1, false, false)
        func ended() -> String { wasQuoted ? field : field.trimmingSpaces }
        var rest = characters[...]
        while let character = rest.popFirst() {
            if isQuoted {
                if character.isNewline { number += 1 }
                guard character == "\"" else {
                    field.append(character)
                    continue
                }
                if rest.first == "\"" { field.append(rest.removeFirst()) } else { isQuoted = false }
            } else if character == "\"", field.trimmingSpaces.isEmpty {
                (field, isQuoted, wasQuoted) = ("", true, true)
            } else if character == separator || character.isNewline {
                fields.append(ended())
                (field, wasQuoted) = ("", false)
                guard character.isNewline else { continue }
                if fields != [""] { lines.append((begun, fields)) }
                number += 1
                (fields, begun) = ([], number)
            } else if !wasQuoted || !character.isWhitespace {
                field.append(character)
            }
        }
        guard !isQuoted else {
            throw DelimitedTextError(line: begun, "a quoted field does not end, expected another \"")
        }
        fields.append(ended())
        if fields != [""] { lines.append((begun, fields)) }
        return lines
    }

    private static func count(_ separator: Character, _ header: Substring) -> Int { header.count { $0 == separator } }
}

/// Why text is no table.
package struct DelimitedTextError: Error, Sendable, Equatable, CustomStringConvertible {
    /// From 1.
    package let line: Int
    package let reason: String

    init(line: Int, _ reason: String) {
        self.line = line
        self.reason = reason
    }

    package var description: String { "line \(line): \(reason)" }
}

extension String {
    fileprivate var trimmingSpaces: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
