package import Faults

/// Why ranks cannot work together. Equality is by `code`.
package typealias RankError = CodedFault<RankErrorCode>

package enum RankErrorCode: String, FaultCode {
    /// Open MPI is not installed, or is not what this program can speak with.
    case missingLibrary = "missing-library"
    /// Open MPI does not start.
    case notStarted = "not-started"

    package static var origin: String? { "ranks" }

    package var blame: Blame {
        switch self {
        case .missingLibrary: .setting
        case .notStarted: .machine
        }
    }
}
