import Faults
import Foundation

/// Reads one mapping of the site file strictly: unknown keys are errors, and each error names the key by its path.
struct SiteReader {
    let path: String
    private var members: [String: Any]

    init(_ value: Any, at path: String) throws {
        guard let members = value as? [String: Any] else {
            throw SiteError(path.isEmpty ? "content" : path, is: Self.kind(value), expected: "keys with values")
        }
        self.path = path
        self.members = members
    }

    private func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private mutating func take(_ key: String) -> Any? {
        let value = members.removeValue(forKey: key)
        return value is NSNull ? nil : value
    }

    func refuseUnknown() throws {
        guard let key = members.keys.sorted().first else { return }
        throw SiteError("the site file has the key \(place(key)), which is not known: check its spelling in the README")
    }

    mutating func optionalText(_ key: String) throws -> String? {
        guard let value = take(key) else { return nil }
        guard let text = value as? String, !text.isEmpty else {
            throw SiteError(place(key), is: Self.kind(value), expected: "a text")
        }
        return text
    }

    mutating func text(_ key: String, expected: String) throws -> String {
        guard let text = try optionalText(key) else { throw SiteError(place(key), is: "missing", expected: expected) }
        return text
    }

    mutating func integer(_ key: String, in range: ClosedRange<Int>, default fallback: Int) throws -> Int {
        guard let value = take(key) else { return fallback }
        guard let number = value as? Int, range.contains(number) else {
            throw SiteError(
                place(key), is: "\(value)", expected: "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, default fallback: Choice) throws
        -> Choice where Choice.RawValue == String
    {
        guard let text = try optionalText(key) else { return fallback }
        guard let choice = Choice(rawValue: text) else {
            throw SiteError(
                place(key), is: "'\(text)'",
                expected: "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    /// An application entity title, DICOM PS3.5 section 6.2: 1 to 16 characters, no backslash, no control character,
    /// not only spaces.
    mutating func title(_ key: String, default fallback: String? = nil) throws -> String {
        guard let text = try optionalText(key) ?? fallback else {
            throw SiteError(place(key), is: "missing", expected: "an AE title")
        }
        let isValid =
            text.utf8.count <= 16 && text.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
            && text == text.trimmed
        guard isValid, !text.isEmpty else {
            throw SiteError(
                place(key), is: "'\(text)'", expected: "an AE title: 1 to 16 ASCII characters without backslash")
        }
        return text
    }

    mutating func texts(_ key: String) throws -> [String] { try optionalTexts(key) ?? [] }

    mutating func optionalTexts(_ key: String) throws -> [String]? {
        guard let value = take(key) else { return nil }
        guard let list = value as? [Any], let texts = list as? [String] else {
            throw SiteError(place(key), is: Self.kind(value), expected: "a list of names")
        }
        return texts
    }

    mutating func optionalObject(_ key: String) throws -> SiteReader? {
        try take(key).map { try SiteReader($0, at: place(key)) }
    }

    mutating func optional<Value>(_ key: String, _ read: (inout SiteReader) throws -> Value) throws -> Value? {
        guard var member = try optionalObject(key) else { return nil }
        return try read(&member)
    }

    /// A value whose type knows its own keys.
    mutating func optionalDecoded<Value: Decodable>(_ key: String, _ type: Value.Type) throws -> Value? {
        guard let value = take(key) else { return nil }
        guard value is [String: Any], JSONSerialization.isValidJSONObject(value) else {
            throw SiteError(place(key), is: Self.kind(value), expected: "keys with values")
        }
        do {
            return try JSONDecoder().decode(type, from: JSONSerialization.data(withJSONObject: value))
        } catch let error as DecodingError {
            throw SiteError(place(key), is: "not of the form expected", expected: Self.wish(error))
        } catch {
            throw SiteError("the site file's \(place(key)): \(error)")
        }
    }

    private static func wish(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "the key \(key.stringValue)"
        case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context):
            "another value of \(context.codingPath.map(\.stringValue).joined(separator: ".")): \(context.debugDescription)"
        @unknown default: "another form"
        }
    }

    mutating func objects<Value>(_ key: String, _ read: (inout SiteReader) throws -> Value) throws -> [String: Value] {
        guard let reader = try optionalObject(key) else { return [:] }
        return try Dictionary(
            uniqueKeysWithValues: reader.members.map { name, value in
                // `radiology:` alone is a tenant with the defaults.
                var member = try SiteReader(value is NSNull ? [String: Any]() : value, at: reader.place(name))
                return (name, try read(&member))
            })
    }

    mutating func list<Value>(_ key: String, _ read: (inout SiteReader) throws -> Value) throws -> [Value] {
        guard let value = take(key) else { return [] }
        guard let list = value as? [Any] else { throw SiteError(place(key), is: Self.kind(value), expected: "a list") }
        return try list.enumerated().map { index, element in
            var member = try SiteReader(element, at: place("\(key)[\(index)]"))
            return try read(&member)
        }
    }

    private static func kind(_ value: Any) -> String {
        switch value {
        case is [String: Any]: "a mapping"
        case is [Any]: "a list"
        case is NSNull: "empty"
        case let text as String: text.isEmpty ? "empty" : "a text"
        default: "a value of another kind"
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        let isSpace: (Character) -> Bool = { $0 == " " }
        return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
