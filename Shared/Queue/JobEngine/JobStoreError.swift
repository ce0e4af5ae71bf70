package import Faults

/// A request that no store can carry out.
package struct JobStoreError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        case unknownParent = "unknown-parent"
        case unknownStudy = "unknown-study"
        case illegalTransition = "illegal-transition"
        /// A fact of a kind for which nobody keeps books.
        case unknownFact = "unknown-fact"
        /// One address was named with two lengths or the address is not `sha256:<64 hex digits>`.
        case invalidArtifact = "invalid-artifact"
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    package var blame: Blame { .defect }
}
