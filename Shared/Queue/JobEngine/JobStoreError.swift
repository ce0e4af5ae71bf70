package import Faults

/// A request that no store can carry out.
package typealias JobStoreError = CodedFault<JobStoreErrorCode>

package enum JobStoreErrorCode: String, FaultCode {
    case unknownParent = "unknown-parent"
    case unknownStudy = "unknown-study"
    case illegalTransition = "illegal-transition"
    /// A fact of a kind for which nobody keeps books.
    case unknownFact = "unknown-fact"
    /// One address was named with two lengths or the address is not `sha256:<64 hex digits>`.
    case invalidArtifact = "invalid-artifact"

    package var blame: Blame { .defect }
}
