package import Foundation

/// What became of a file that was to be sent.
package struct StoreOutcome: Sendable {
    package enum Result: Sendable {
        /// The node has it; the status is 0, or a warning such as B000 (it changed attributes).
        case stored(status: UInt16)
        /// The node does not have it.
        case failed(DIMSEError)
    }

    package var file: URL
    package var result: Result

    package var isStored: Bool { error == nil }
    package var error: DIMSEError? {
        guard case .failed(let error) = result else { return nil }
        return error
    }
}

/// How far a transfer is.
package struct StoreProgress: Sendable, Hashable {
    package var finishedFiles: Int
    package var totalFiles: Int
    package var finishedBytes: Int
}
