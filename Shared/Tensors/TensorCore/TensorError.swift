package import Faults

/// What went wrong with a tensor, a tensor file or the processor. Equal by code.
package typealias TensorError = CodedFault<TensorErrorCode>

package enum TensorErrorCode: String, FaultCode {
    /// The file is not safetensors or was torn: truncated, header too large, offsets that overlap or leave gaps,
    /// duplicate names.
    case malformedFile = "malformed-file"
    /// The file cannot be opened, read, written or renamed; `errno` is in the text.
    case inputOutput = "input-output"
    /// No tensor of that name.
    case missingTensor = "missing-tensor"
    /// A tensor that nobody asked for.
    case unexpectedTensor = "unexpected-tensor"
    case shapeMismatch = "shape-mismatch"
    case typeMismatch = "type-mismatch"
    /// The processor lacks instructions this build was compiled for.
    case unsupportedProcessor = "unsupported-processor"
    /// A pass needs more memory than it may have.
    case memoryLimit = "memory-limit"
    /// The system has not as much memory.
    case outOfMemory = "out-of-memory"
    /// NaN or infinite.
    case notFinite = "not-finite"
    /// The configuration describes no network.
    case invalidConfiguration = "invalid-configuration"

    package var blame: Blame {
        switch self {
        case .inputOutput: .file
        case .unsupportedProcessor, .memoryLimit, .outOfMemory: .machine
        default: .input
        }
    }
}
