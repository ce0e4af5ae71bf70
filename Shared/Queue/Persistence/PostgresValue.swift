package import Foundation
package import JobEngine

/// A parameter with its PostgreSQL type, in binary format; nil becomes NULL of that type.
package struct PostgresValue: Sendable {
    /// Object identifiers of built-in types (PostgreSQL's `pg_type.dat`); they never change.
    enum ObjectType: UInt32 {
        case bool = 16
        case int8 = 20
        case text = 25
        case json = 114
        case float8 = 701
        case timestamptz = 1184
        case uuid = 2950
        case boolArray = 1000
        case textArray = 1009
        case int8Array = 1016
        case timestamptzArray = 1185
        case float8Array = 1022
        case uuidArray = 2951
    }

    let type: ObjectType
    let bytes: [UInt8]?

    package static func text(_ value: String?) -> Self { Self(type: .text, bytes: value.map { Array($0.utf8) }) }
    package static func text(_ word: (some RawRepresentable<String>)?) -> Self { text(word?.rawValue) }
    package static func json(_ value: String?) -> Self { Self(type: .json, bytes: value.map { Array($0.utf8) }) }
    package static func integer(_ value: Int?) -> Self { Self(type: .int8, bytes: value.map { bigEndian(Int64($0)) }) }
    package static func integer(_ value: Int64?) -> Self { Self(type: .int8, bytes: value.map(bigEndian)) }
    package static func double(_ value: Double?) -> Self {
        Self(type: .float8, bytes: value.map { bigEndian($0.bitPattern) })
    }
    package static func boolean(_ value: Bool?) -> Self { Self(type: .bool, bytes: value.map { [$0 ? 1 : 0] }) }
    package static func uuid(_ value: UUID?) -> Self { Self(type: .uuid, bytes: value.map(bytes(of:))) }
    package static func uuid(_ id: (some UniqueID)?) -> Self { uuid(id?.uuid) }
    /// Rounded to microseconds, PostgreSQL's resolution.
    package static func timestamp(_ value: Date?) -> Self {
        Self(type: .timestamptz, bytes: value.map { bigEndian(microseconds(of: $0)) })
    }

    package static func texts(_ values: [String?]) -> Self { array(.textArray, .text, values.map(text)) }
    package static func texts(_ words: [some RawRepresentable<String>]) -> Self { texts(words.map(\.rawValue)) }
    /// A text array that is NULL itself.
    package static let noTexts = Self(type: .textArray, bytes: nil)
    package static func uuids(_ values: [UUID?]) -> Self { array(.uuidArray, .uuid, values.map(uuid)) }
    package static func uuids<ID: UniqueID>(_ ids: [ID?]) -> Self { uuids(ids.map { $0?.uuid }) }
    package static func integers(_ values: [Int64?]) -> Self { array(.int8Array, .int8, values.map(integer)) }
    package static func doubles(_ values: [Double?]) -> Self { array(.float8Array, .float8, values.map(double)) }
    package static func booleans(_ values: [Bool?]) -> Self { array(.boolArray, .bool, values.map(boolean)) }
    package static func timestamps(_ values: [Date?]) -> Self {
        array(.timestamptzArray, .timestamptz, values.map(timestamp))
    }

    /// One-dimensional array, as `array_recv` reads it: dimensions, has-nulls flag, element type, length, lower bound,
    /// then elements.
    private static func array(_ type: ObjectType, _ element: ObjectType, _ values: [PostgresValue]) -> Self {
        var bytes = bigEndian(Int32(values.isEmpty ? 0 : 1))
        bytes += bigEndian(Int32(values.contains { $0.bytes == nil } ? 1 : 0))
        bytes += bigEndian(element.rawValue)
        if !values.isEmpty {
            bytes += bigEndian(Int32(values.count))
            bytes += bigEndian(Int32(1))
        }
        for value in values {
            bytes += bigEndian(value.bytes.map { Int32($0.count) } ?? -1)
            bytes += value.bytes ?? []
        }
        return Self(type: type, bytes: bytes)
    }

    static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    private static func bytes(of uuid: UUID) -> [UInt8] { withUnsafeBytes(of: uuid.uuid) { Array($0) } }

    /// Since 2000-01-01, the epoch of PostgreSQL's binary timestamps.
    private static func microseconds(of date: Date) -> Int64 {
        Int64(((date.timeIntervalSince1970 - secondsFrom1970To2000) * 1e6).rounded())
    }

    static let secondsFrom1970To2000 = 946_684_800.0
}
