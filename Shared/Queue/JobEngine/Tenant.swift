/// Whose work it is: the name of a hospital or a department, as messages' routing keys and the site file have it.
package struct Tenant: RawRepresentable, Hashable, Comparable, Sendable, Codable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ name: String) { self.init(rawValue: name) }
    package init(stringLiteral name: String) { self.init(rawValue: name) }

    /// The tenant that a person names, nil where no tenant can have that name. Rows are read by `init(rawValue:)`:
    /// what was stored before names were checked stays readable.
    package init?(named name: String) {
        guard name.wholeMatch(of: /[a-z0-9-]{1,63}/) != nil else { return nil }
        self.init(rawValue: name)
    }

    /// What `init(named:)` takes, as the site file and routing keys do.
    package static let rule = "1 to 63 of a-z, 0-9 and '-'"

    package var description: String { rawValue }

    package static func < (one: Tenant, other: Tenant) -> Bool { one.rawValue < other.rawValue }
}
