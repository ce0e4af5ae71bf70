/// What is wrong with a site file; names the key by its path, the value and what was expected. Holds no secret.
package struct SiteError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    init(_ path: String, is value: String, expected: String) {
        description = "the site file's \(path) is \(value), expected \(expected)"
    }
}
