package import Faults

/// Why an operation did not do what it was asked for, in a sentence for whoever asked.
package typealias OperationError = CodedFault<OperationErrorCode>

package enum OperationErrorCode: String, FaultCode {
    /// There is nothing of that name.
    case missing
    /// As things stand it cannot be done, or it ended without success.
    case refused
    /// The request contradicts itself or the system's settings.
    case usage
    /// What the request names is wrong: files, data sets, models.
    case badInput = "bad-input"
    /// The broker does not take what was sent.
    case unavailable
    /// Not finished in the time given; it goes on without whoever waited.
    case unfinished
    /// A setting is wrong.
    case configuration

    package static let origin: String? = "operation"

    package var blame: Blame {
        switch self {
        case .missing, .refused: .state
        case .usage: .request
        case .badInput: .input
        case .unavailable: .passing
        case .unfinished: .unfinished
        case .configuration: .setting
        }
    }
}
