package import Faults

/// What went wrong in a cryptographic operation. Two errors are equal when their codes are; no key and no text is ever
/// quoted.
package typealias CryptographyError = CodedFault<CryptographyErrorCode>

package enum CryptographyErrorCode: String, FaultCode {
    /// OpenSSL has no memory, or its configuration forbids the algorithm.
    case libraryFailed = "library-failed"
    case invalidKey = "invalid-key"
    /// The sealed bytes were changed, or sealed with another key or for another place.
    case notGenuine = "not-genuine"
    /// Bytes that are no sealed box at all.
    case malformed

    /// A box that does not open was mostly sealed with another key.
    package var blame: Blame {
        switch self {
        case .libraryFailed: .machine
        case .invalidKey, .notGenuine: .setting
        case .malformed: .input
        }
    }
}

extension CryptographyError {
    static func noMemory(_ what: String) -> CryptographyError {
        CryptographyError(.libraryFailed, "openssl has no memory for \(what): free memory on this machine")
    }

    static func refused(_ what: String) -> CryptographyError {
        CryptographyError(.libraryFailed, "openssl refuses \(what): check the providers in openssl.cnf")
    }
}
