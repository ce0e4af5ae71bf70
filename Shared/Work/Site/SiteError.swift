package import Faults

/// What is wrong with a site file; names the key by its path, the value and what was expected. Holds no secret.
package struct SiteError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        case invalid = "site-invalid"
    }

    package let code = Code.invalid
    package let description: String

    package var blame: Blame { .setting }

    package init(_ description: String) { self.description = description }

    init(_ path: String, is value: String, expected: String) {
        description = "the site file's \(path) is \(value), expected \(expected)"
    }
}
