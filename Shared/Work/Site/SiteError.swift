package import Faults

/// What is wrong with a site file; names the key by its path, the value and what was expected. Holds no secret.
package typealias SiteError = CodedFault<SiteErrorCode>

package enum SiteErrorCode: String, FaultCode {
    case invalid = "site-invalid"

    package var blame: Blame { .setting }
}

extension SiteError {
    init(_ description: String) { self.init(.invalid, description) }

    init(_ path: String, is value: String, expected: String) {
        self.init("the site file's \(path) is \(value), expected \(expected)")
    }

    /// - Parameter need: what it is needed for, as a clause.
    static func withoutSecret(_ need: String) -> Self { without("secret-file", need) }

    static func without(_ key: String, _ need: String) -> Self {
        Self(key, is: "missing", expected: "a file, because \(need): make one with Scripts/create-secrets")
    }
}
