package import Faults
import FoundationEssentials
package import JobEngine

/// What went wrong in a store. Two errors are equal when their codes are.
package struct StorageError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        case diskFull = "disk-full"
        case notWritable = "not-writable"
        /// There is no store: its file system is not mounted, or none was ever made.
        case notAStore = "not-a-store"
        /// Another store than the database's.
        case otherStore = "other-store"
        case missing
        case wrongLength = "wrong-length"
        case wrongHash = "wrong-hash"
        case invalidName = "invalid-name"
        case otherFileSystem = "other-file-system"
        case inputOutput = "input-output"
    }

    package let code: Code
    package let description: String
    package let address: ContentAddress?
    /// The value of `errno`, or nil when no system call failed.
    package let systemError: Int32?
    /// The file of the store that was being worked on; for `debugDescription` only. Nobody named it, so it is no
    /// ``Fault/path``.
    private let place: String?

    package init(
        _ code: Code, _ description: String, address: ContentAddress? = nil, systemError: Int32? = nil,
        path: String? = nil
    ) {
        self.code = code
        self.description = description
        self.address = address
        self.systemError = systemError
        place = path
    }

    /// No folder was ever made the database's store.
    package static let noStoreYet = StorageError(
        .notAStore,
        "the database knows no storage yet: run `columna migrate` or `columna storage init` where it is mounted")

    package var debugDescription: String {
        "StorageError(\(code.rawValue)): \(description)" + (systemError.map { " [errno \($0)]" } ?? "")
            + (place.map { " [\($0)]" } ?? "")
    }

    package static let origin: String? = "storage"

    /// What is missing or short is the machine's fault: the database knows of nothing that was not stored whole.
    package var blame: Blame {
        switch code {
        case .inputOutput: .passing
        case .notAStore, .otherStore: .setting
        case .diskFull, .notWritable, .missing, .wrongLength, .wrongHash, .otherFileSystem: .machine
        case .invalidName: .defect
        }
    }
}

extension StorageError {
    /// An identity as sentences name it.
    static func text(_ identity: UUID) -> String { identity.uuidString.lowercased() }
}
