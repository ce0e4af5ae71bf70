package import Faults

/// Why a message breaks the published contract (`Contract/asyncapi.yaml`). Two errors are equal when code and pointer
/// are.
///
/// The description shows no value that the sender wrote: a path or a key may hold a patient's name.
package struct ContractError: Fault, Hashable {
    package enum Code: String, Sendable, CaseIterable {
        case tooLarge = "too-large"
        case notJSON = "not-json"
        case duplicateMember = "duplicate-member"
        case unknownType = "unknown-type"
        case unknownVersion = "unknown-version"
        case missingField = "missing-field"
        case unknownField = "unknown-field"
        case wrongType = "wrong-type"
        case invalidValue = "invalid-value"
        case invalidRoutingKey = "invalid-routing-key"
        /// The event, or its deduplication key, is known with other content.
        case contradiction
    }

    package let code: Code
    /// JSON pointer (RFC 6901) to the place, empty for the whole message.
    package let pointer: String
    package let description: String

    package init(_ code: Code, at pointer: String = "", _ description: String) {
        self.code = code
        self.pointer = pointer
        self.description = description
    }

    package static func == (one: ContractError, other: ContractError) -> Bool {
        one.code == other.code && one.pointer == other.pointer
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(pointer)
    }

    package static let origin: String? = "message"

    package var blame: Blame { .input }
}
