import Documents

/// Reads the members of a JSON object, each by its schema, and refuses what nobody asked for.
struct ObjectReader {
    private let members: [String: JSONValue]
    private let pointer: String
    private var known: Set<String> = []

    /// - Parameter pointer: JSON pointer of the object.
    init(_ value: JSONValue, at pointer: String) throws(ContractError) {
        guard case .object(let members) = value else {
            throw ContractError(
                .wrongType, at: pointer, "\(Self.place(pointer)) is of type \(value.typeName), expected an object")
        }
        self.members = Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) })
        self.pointer = pointer
    }

    /// - Parameters:
    ///   - length: in Unicode code points, as JSON Schema counts.
    ///   - form: what `isValid` accepts, in words.
    mutating func optionalString(
        _ name: String, length: ClosedRange<Int>, form: String = "", isValid: (String) -> Bool = { _ in true }
    ) throws(ContractError) -> String? {
        guard let value = member(name) else { return nil }
        let place = "\(pointer)/\(name)"
        guard case .string(let text) = value else {
            throw ContractError(.wrongType, at: place, "\(place) is of type \(value.typeName), expected a string")
        }
        let count = text.unicodeScalars.count
        guard length.contains(count) else {
            throw ContractError(
                .invalidValue, at: place,
                "\(place) has \(count) characters, expected \(length.lowerBound) to \(length.upperBound)")
        }
        guard isValid(text) else {
            throw ContractError(
                .invalidValue, at: place,
                "\(place) has a value of \(count) characters that is not allowed, expected \(form)")
        }
        return text
    }

    mutating func string(
        _ name: String, length: ClosedRange<Int>, form: String = "", isValid: (String) -> Bool = { _ in true }
    ) throws(ContractError) -> String {
        guard let text = try optionalString(name, length: length, form: form, isValid: isValid) else {
            throw missing(name)
        }
        return text
    }

    /// One of the raw values of an enumeration.
    mutating func optionalChoice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of type: Choice.Type
    ) throws(ContractError) -> Choice? where Choice.RawValue == String {
        let allowed = type.allCases.map(\.rawValue)
        let text = try optionalString(name, length: 1...64, form: allowed.joined(separator: ", ")) {
            allowed.contains($0)
        }
        return text.flatMap { Choice(rawValue: $0) }
    }

    mutating func optionalBoolean(_ name: String) throws(ContractError) -> Bool? {
        guard let value = member(name) else { return nil }
        guard case .boolean(let truth) = value else {
            throw ContractError(
                .wrongType, at: "\(pointer)/\(name)",
                "\(pointer)/\(name) is of type \(value.typeName), expected true or false")
        }
        return truth
    }

    mutating func optionalInteger(_ name: String, in range: ClosedRange<Int>) throws(ContractError) -> Int? {
        guard let value = member(name) else { return nil }
        let place = "\(pointer)/\(name)"
        let integer: Int?
        switch value {
        case .integer(let number): integer = number
        case .number(let number): integer = Int(exactly: number)
        default:
            throw ContractError(.wrongType, at: place, "\(place) is of type \(value.typeName), expected an integer")
        }
        guard let integer, range.contains(integer) else {
            throw ContractError(
                .invalidValue, at: place, "\(place) is not an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    mutating func object(_ name: String) throws(ContractError) -> ObjectReader {
        guard let value = member(name) else { throw missing(name) }
        return try ObjectReader(value, at: "\(pointer)/\(name)")
    }

    func missing(_ name: String, _ why: String = "") -> ContractError {
        ContractError(.missingField, at: "\(pointer)/\(name)", "\(pointer)/\(name) is missing, it is required\(why)")
    }

    /// Call last: every member must have been asked for.
    func refuseUnknown() throws(ContractError) {
        // Sorted, so that the same message always gets the same reason.
        guard let name = members.keys.filter({ !known.contains($0) }).min() else { return }
        let expected = known.sorted().joined(separator: ", ")
        guard Self.isSafeToShow(name) else {
            throw ContractError(
                .unknownField, at: pointer,
                "\(Self.place(pointer)) has a field that is not in the contract, expected only \(expected)")
        }
        throw ContractError(
            .unknownField, at: "\(pointer)/\(name)",
            "\(pointer)/\(name) is not in the contract, expected only \(expected)")
    }

    /// An attribute whose value is null counts as unset (CloudEvents JSON format 1.0.2, section 2.2), and so does a
    /// member of the data: some languages write what they do not set as null.
    private mutating func member(_ name: String) -> JSONValue? {
        known.insert(name)
        let value = members[name]
        return value == .null ? nil : value
    }

    /// Takes members whose values mean nothing here.
    mutating func ignore(_ names: [String]) { known.formUnion(names) }

    static func place(_ pointer: String) -> String { pointer.isEmpty ? "the message" : pointer }

    /// A key that does not look like one may hold anything.
    static func isSafeToShow(_ name: String) -> Bool {
        name.utf8.count <= 32 && name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil
    }
}
