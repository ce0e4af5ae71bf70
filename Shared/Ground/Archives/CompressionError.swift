package import Faults

/// What can go wrong with a compressed stream. Equal by code; names no file, the caller knows which one it is.
package struct CompressionError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        /// The stream ends before its end mark, or before the size that was stated.
        case truncated
        /// The stream is not what its format allows, or its check sum is wrong.
        case damaged
        /// The operating system refused; its words are in the text.
        case inputOutput = "input-output"
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    package var blame: Blame {
        switch code {
        case .truncated, .damaged: .input
        case .inputOutput: .machine
        }
    }
}
