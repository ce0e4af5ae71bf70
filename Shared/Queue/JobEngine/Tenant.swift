/// Whose work it is: the name of a hospital or a department, as messages' routing keys and the site file have it.
package struct Tenant: RawRepresentable, Hashable, Comparable, Sendable, Codable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ name: String) { self.init(rawValue: name) }
    package init(stringLiteral name: String) { self.init(rawValue: name) }

    package var description: String { rawValue }

    package static func < (one: Tenant, other: Tenant) -> Bool { one.rawValue < other.rawValue }
}
