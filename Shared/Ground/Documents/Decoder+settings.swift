import Faults

extension Decoder {
    /// The object's values, once it is sure that it has no other keys: a misspelt key must not be taken for its
    /// default.
    /// - Throws: `SettingsDefect` naming the key and the known ones.
    package func settings<Key: CodingKey & CaseIterable>(_ keys: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try requireKeys(among: keys.allCases.map(\.stringValue))
        return try container(keyedBy: keys)
    }

    package func requireKeys(among known: [String]) throws {
        let present = try container(keyedBy: AnyKey.self).allKeys
        guard
            let unknown = present.filter({ !known.contains($0.stringValue) }).min(by: {
                $0.stringValue < $1.stringValue
            })
        else { return }
        let key = String(unknown.stringValue.prefix(40))
        let name = SettingsDefect.name(codingPath + [AnyKey(stringValue: key)])
        let meant = Spelling.nearest(to: key, among: known).map { ", did you mean \($0)? All keys: " } ?? ", expected "
        throw SettingsDefect("there is no key \"\(name)\"\(meant)\(known.sorted().joined(separator: ", "))")
    }
}

extension KeyedDecodingContainer {
    /// Leaves the default where the key is absent.
    package func read<Value: Decodable>(_ key: Key, into value: inout Value) throws {
        do {
            if let given = try decodeIfPresent(Value.self, forKey: key) { value = given }
        } catch let error
            where !(error is DecodingError || error is SettingsDefect || error is any Fault)
        {
            // Foundation's own error for a number that does not fit: private, and without the key.
            throw SettingsDefect(
                "\(SettingsDefect.name(codingPath + [key])) has a number that is out of range or not whole")
        }
    }

    /// As `read`, for one of few words.
    package func read<Value: RawRepresentable<String>>(_ key: Key, into value: inout Value, of choices: [Value]) throws
    {
        guard let text = try decodeIfPresent(String.self, forKey: key) else { return }
        guard let given = choices.first(where: { $0.rawValue == text }) else {
            let expected = choices.map(\.rawValue).joined(separator: " or ")
            throw SettingsDefect(
                "\(SettingsDefect.name(codingPath + [key])) must be \(expected), got \"\(text.prefix(40))\"")
        }
        value = given
    }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
