package import Faults

/// A setting that is missing or wrong; says which variable, what it holds, what was expected and how to mend it.
package struct ConfigurationError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        case missing = "setting-missing"
        case wrong = "setting-wrong"
    }

    package var variable: String
    /// The value found; nil when the variable is not set or holds a secret.
    package var value: String?
    package var expected: String
    /// A command that mends it.
    package var remedy: String

    package init(variable: String, value: String?, expected: String, remedy: String) {
        self.variable = variable
        self.value = value
        self.expected = expected
        self.remedy = remedy
    }

    package var code: Code { value == nil ? .missing : .wrong }
    package var blame: Blame { .setting }

    package var description: String {
        let found = value.map { "is '\($0)'" } ?? "is not set"
        return "\(variable) \(found), expected \(expected); \(remedy)"
    }
}
