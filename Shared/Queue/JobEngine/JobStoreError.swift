/// A request that no store can carry out.
package struct JobStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case unknownParent = "unknown-parent"
        case unknownStudy = "unknown-study"
        case illegalTransition = "illegal-transition"
        /// One address was named with two lengths or the address is not `sha256:<64 hex digits>`.
        case invalidArtifact = "invalid-artifact"
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Equality by code.
    package static func == (left: Self, right: Self) -> Bool { left.code == right.code }

    package var description: String { message }
}

extension JobStoreError: ClassifiedError {
    package var failure: JobFailure { JobFailure(class: .defect, code: code.rawValue, reason: message) }
}
