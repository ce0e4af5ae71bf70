package import Foundation
package import JobEngine
import Logging

/// A statement's result, copied out of libpq; columns by name, cells in PostgreSQL's binary format.
package struct PostgresRows: Sendable, RandomAccessCollection {
    let statement: String
    let columns: [String: Int]
    let columnCount: Int
    let bytes: [UInt8]
    /// Row-major; nil for NULL.
    let cells: [Range<Int>?]
    /// Rows that an INSERT, UPDATE or DELETE without RETURNING touched.
    package let affectedCount: Int

    package var startIndex: Int { 0 }
    package var endIndex: Int { columnCount == 0 ? 0 : cells.count / columnCount }
    package subscript(row: Int) -> PostgresRow { PostgresRow(rows: self, index: row) }

    /// What `read` makes of each row. One that cannot be read, of a newer program, is left out and told to the log: it
    /// must not hide the others.
    func readable<Element>(_ log: Logger, _ read: (PostgresRow) throws -> Element) -> [Element] {
        compactMap { row in
            do {
                return try read(row)
            } catch {
                log.warning(
                    "a row cannot be read and is left out",
                    metadata: ["statement": "\(statement)", "error": "\(error)"])
                return nil
            }
        }
    }
}

/// One row; each accessor throws `PostgresError` when the column is missing, NULL or of another width than its type.
package struct PostgresRow: Sendable {
    let rows: PostgresRows
    let index: Int

    package func string(_ column: String) throws -> String { try required(column, optionalString(column)) }
    package func uuid(_ column: String) throws -> UUID { try required(column, optionalUUID(column)) }
    package func id<ID: UniqueID>(_ column: String, _ type: ID.Type = ID.self) throws -> ID { ID(try uuid(column)) }
    package func integer(_ column: String) throws -> Int { try required(column, optionalInteger(column)) }
    package func double(_ column: String) throws -> Double { try required(column, optionalDouble(column)) }
    package func date(_ column: String) throws -> Date { try required(column, optionalDate(column)) }

    package func boolean(_ column: String) throws -> Bool {
        guard let bytes = try cell(column), bytes.count == 1 else { throw unexpected(column) }
        return bytes.first == 1
    }

    package func optionalString(_ column: String) throws -> String? {
        try cell(column).map { String(decoding: $0, as: UTF8.self) }
    }

    package func optionalUUID(_ column: String) throws -> UUID? {
        guard let bytes = try cell(column) else { return nil }
        guard bytes.count == 16 else { throw unexpected(column) }
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }

    package func optionalID<ID: UniqueID>(_ column: String, _ type: ID.Type = ID.self) throws -> ID? {
        try optionalUUID(column).map { ID($0) }
    }

    /// A bigint or an integer.
    package func optionalInteger(_ column: String) throws -> Int? {
        guard let bytes = try cell(column) else { return nil }
        switch bytes.count {
        case 8: return Int(Int64(bitPattern: bigEndian(bytes)))
        case 4: return Int(Int32(truncatingIfNeeded: bigEndian(bytes)))
        default: throw unexpected(column)
        }
    }

    package func optionalDouble(_ column: String) throws -> Double? {
        guard let bytes = try cell(column) else { return nil }
        guard bytes.count == 8 else { throw unexpected(column) }
        return Double(bitPattern: bigEndian(bytes))
    }

    package func optionalDate(_ column: String) throws -> Date? {
        try optionalInteger(column).map {
            Date(timeIntervalSince1970: Double($0) / 1e6 + PostgresValue.secondsFrom1970To2000)
        }
    }

    /// A text or enum column whose labels are the type's raw values.
    package func value<Value: RawRepresentable>(_ column: String, _ type: Value.Type = Value.self) throws -> Value
    where Value.RawValue == String {
        guard let value = Value(rawValue: try string(column)) else { throw unexpected(column) }
        return value
    }

    package func optionalValue<Value: RawRepresentable>(_ column: String, _ type: Value.Type = Value.self) throws
        -> Value?
    where Value.RawValue == String {
        try cell(column) == nil ? nil : value(column)
    }

    /// The same of words that a newer program may have more of: an unknown one is a value too.
    package func value<Word: SharedWord>(_ column: String, _ type: Word.Type = Word.self) throws -> Word {
        Word(stored: try string(column))
    }

    private func cell(_ column: String) throws -> ArraySlice<UInt8>? {
        guard let position = rows.columns[column] else { throw unexpected(column) }
        return rows.cells[index * rows.columnCount + position].map { rows.bytes[$0] }
    }

    private func bigEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    private func required<Value>(_ column: String, _ value: Value?) throws -> Value {
        guard let value else { throw unexpected(column) }
        return value
    }

    private func unexpected(_ column: String) -> PostgresError {
        PostgresError(
            code: .unexpectedResult, statement: rows.statement,
            message:
                "column \(column) is missing, null or of another type than this program expects: run `columna migrate`")
    }
}
