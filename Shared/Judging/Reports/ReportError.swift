package import Faults

/// Why a report cannot be made.
package typealias ReportError = CodedFault<ReportErrorCode>

package enum ReportErrorCode: String, FaultCode {
    case gridsDiffer = "grids-differ"
    case notEncodable = "not-encodable"
    case notWritable = "not-writable"
    case nothingToReport = "nothing-to-report"

    package var blame: Blame {
        switch self {
        case .gridsDiffer, .nothingToReport: .input
        case .notEncodable: .defect
        case .notWritable: .machine
        }
    }
}
