package import Faults

/// What can go wrong with a compressed stream. Equal by code; names no file, the caller knows which one it is.
package typealias CompressionError = CodedFault<CompressionErrorCode>

package enum CompressionErrorCode: String, FaultCode {
    /// The stream ends before its end mark, or before the size that was stated.
    case truncated
    /// The stream is not what its format allows, or its check sum is wrong.
    case damaged
    /// The operating system refused; its words are in the text.
    case inputOutput = "input-output"

    package var blame: Blame {
        switch self {
        case .truncated, .damaged: .input
        case .inputOutput: .machine
        }
    }
}
