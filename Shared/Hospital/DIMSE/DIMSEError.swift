package import Faults

/// What went wrong with a DICOM node or the provider. `description` names no object, no patient and no file.
package struct DIMSEError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        case invalidConfiguration = "invalid-configuration"
        /// The address to listen at is taken, or is none of this machine's.
        case addressInUse = "address-in-use"
        /// No connection: unknown host, refused, no route.
        case unreachable
        /// The peer refuses the association for good, most often because of a title.
        case rejected
        case temporarilyRejected = "temporarily-rejected"
        /// The peer takes no presentation context for what was asked.
        case notSupported = "not-supported"
        case aborted
        case timedOut = "timed-out"
        case connectionLost = "connection-lost"
        /// The peer's bytes are not the DICOM message that was due.
        case protocolViolation = "protocol-violation"
        /// The peer answered with a status that says no.
        case refusedByPeer = "refused-by-peer"
        case fileNotReadable = "file-not-readable"
        case notDICOM = "not-dicom"
        /// A DICOM object to send is cut, damaged, or does not say what it is.
        case damaged
        case fileNotWritable = "file-not-writable"
        case cancelled
        case memoryExhausted = "memory-exhausted"
        case internalFailure = "internal-failure"
    }

    package let code: Code
    package let description: String
    /// The peer's answer (PS3.7 annex C), for `refusedByPeer`.
    package let status: UInt16?

    package init(_ code: Code, _ description: String, status: UInt16? = nil) {
        self.code = code
        self.description = description
        self.status = status
    }

    package static let origin: String? = "archive"

    /// Titles are entered by people, on both sides; out of resources (A7xx) passes.
    package var blame: Blame {
        switch code {
        case .unreachable, .temporarilyRejected, .aborted, .timedOut, .connectionLost: .passing
        case .refusedByPeer: status.map { $0 & 0xFF00 == 0xA700 } ?? false ? .passing : .input
        case .invalidConfiguration: .setting
        case .addressInUse, .rejected, .fileNotWritable, .memoryExhausted: .machine
        case .fileNotReadable: .file
        case .notSupported, .protocolViolation, .notDICOM, .damaged: .input
        case .internalFailure: .defect
        case .cancelled: .cancelled
        }
    }
}

extension DIMSEError {
    /// A status of PS3.7 annex C and PS3.4 annexes B and C that means no.
    static func refused(_ status: UInt16, _ action: String) -> DIMSEError {
        let reason =
            switch status {
            case 0xA801: "it does not know the destination's title: enter it there"
            case 0xA700...0xA7FF: "it is out of resources"
            case 0xA900...0xA9FF: "the object does not match its class"
            case 0xC000...0xCFFF: "it cannot process it"
            case 0x0122: "it does not take this class"
            case 0x0124: "this title may not do that"
            default: "see its log"
            }
        let digits = String(status, radix: 16, uppercase: true)
        let code = String(repeating: "0", count: 4 - digits.count) + digits
        return DIMSEError(
            .refusedByPeer, "the DICOM node answered \(action) with status \(code): \(reason)", status: status)
    }
}
