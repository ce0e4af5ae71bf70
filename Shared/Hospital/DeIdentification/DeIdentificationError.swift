package import Faults

/// Why an object cannot be de-identified or re-identified. Two errors are equal when their codes are; no identity is
/// ever quoted.
package typealias DeIdentificationError = CodedFault<DeIdentificationErrorCode>

package enum DeIdentificationErrorCode: String, FaultCode {
    case invalidPolicy = "invalid-policy"
    case invalidSecret = "invalid-secret"
    /// The pairs do not name the patient or the study of the object.
    case unknownPseudonym = "unknown-pseudonym"
    case unwritable

    package static let origin: String? = "de-identification"

    package var blame: Blame {
        switch self {
        case .invalidPolicy, .invalidSecret: .setting
        case .unknownPseudonym: .input
        case .unwritable: .machine
        }
    }
}
