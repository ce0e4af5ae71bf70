/// Why a zip archive is not read. Equal by code.
package struct ZipError: Error, Equatable {
    package enum Code: Sendable {
        /// Torn, damaged or hostile: sizes, check sums, names or places of its entries.
        case malformed
        /// Sound, but encrypted, split, or compressed by another method.
        case unsupported
        /// The disk or the file server failed.
        case unreadable
        /// More than the limits allow.
        case tooLarge
    }

    package let code: Code
    /// The entry's name as it may be shown; it may be a patient's. Nil: the fact is the archive's.
    package let entry: String?
    /// With the entry, or the archive, for its subject: "has two names". Names nothing.
    package let fact: String

    init(_ code: Code, entry: String? = nil, _ fact: String) {
        self.code = code
        self.entry = entry
        self.fact = fact
    }

    package static func == (left: ZipError, right: ZipError) -> Bool { left.code == right.code }
}
