import Cryptography

/// What stands for identities: keyed codes of them, so the same key gives the same pseudonyms on every machine and
/// nobody without it can tell whose they are.
struct Pseudonyms {
    private let key: TenantKey
    private var known: [String: String] = [:]

    init(key: TenantKey) { self.key = key }

    /// `TenantKey.pseudonym(of:)` for an instance's identifier; the standard's own identifiers, of SOP classes and the
    /// like, stay.
    mutating func identifier(for original: String) throws -> String {
        guard !Self.isWellKnown(original) else { return original }
        if let pseudonym = known[original] { return pseudonym }
        let pseudonym = try key.pseudonym(of: original)
        known[original] = pseudonym
        return pseudonym
    }

    /// `P-` and 20 hexadecimal digits.
    func patientIdentifier(for original: String) throws -> String {
        try "P-" + Hexadecimal.text(key.code("patient-id", original).prefix(10)).uppercased()
    }

    /// `N-` and 20 hexadecimal digits, as a family name.
    func patientName(for original: String) throws -> String {
        try "N-" + Hexadecimal.text(key.code("patient-name", original).prefix(10)).uppercased()
    }

    /// By how many days a patient's dates become earlier: 30…3679.
    func daysEarlier(patient: String) throws -> Int {
        let number = try key.code("dates", patient).prefix(4).reduce(0) { $0 << 8 | UInt64($1) }
        return 30 + Int(number % 3650)
    }

    static func isWellKnown(_ identifier: String) -> Bool { identifier.hasPrefix("1.2.840.10008.") }
}
