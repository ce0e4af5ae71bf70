package import Faults

/// Why an object cannot be de-identified or re-identified. Two errors are equal when their codes are; no identity is
/// ever quoted.
package struct DeIdentificationError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        case invalidPolicy = "invalid-policy"
        case invalidSecret = "invalid-secret"
        /// The pairs do not name the patient or the study of the object.
        case unknownPseudonym = "unknown-pseudonym"
        case unwritable
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    package static let origin: String? = "de-identification"

    package var blame: Blame {
        switch code {
        case .invalidPolicy, .invalidSecret: .setting
        case .unknownPseudonym: .input
        case .unwritable: .machine
        }
    }
}
