/// What went wrong with a tensor, a tensor file or the processor. Equal by code.
package struct TensorError: Error, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The file is not safetensors or was torn: truncated, header too large, offsets that overlap or leave gaps,
        /// duplicate names.
        case malformedFile
        /// The file cannot be opened, read, written or renamed; `errno` is in the text.
        case inputOutput
        /// No tensor of that name.
        case missingTensor
        /// A tensor that nobody asked for.
        case unexpectedTensor
        case shapeMismatch
        case typeMismatch
        /// The processor lacks instructions this build was compiled for.
        case unsupportedProcessor
        /// A pass needs more memory than it may have.
        case memoryLimit
        /// The system has not as much memory.
        case outOfMemory
        /// NaN or infinite.
        case notFinite
        /// The configuration describes no network.
        case invalidConfiguration
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    package static func == (left: TensorError, right: TensorError) -> Bool { left.code == right.code }
}
