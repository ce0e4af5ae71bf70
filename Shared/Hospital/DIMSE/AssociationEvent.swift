/// Something for the log about a caller of the provider. It names titles and the address, never an object.
package struct AssociationEvent: Sendable {
    package enum Kind: Sendable, Equatable {
        case opened
        case rejected(Admission.Rejection)
        case echoed
        /// A C-STORE was answered with this status; bytes of the file.
        case answered(status: UInt16, byteCount: Int)
        case released
        /// Ended without release, and why.
        case ended(DIMSEError.Code)
    }

    /// Numbers the provider's associations from 1.
    package var association: UInt64
    /// Empty titles: the caller did not get so far as to say them.
    package var request: AssociationRequest
    package var kind: Kind
}

extension AssociationEvent: CustomStringConvertible {
    package var description: String {
        let who =
            request.callingTitle.isEmpty
            ? "caller at \(request.peerAddress)" : "\(request.callingTitle) at \(request.peerAddress)"
        return switch kind {
        case .opened: "association \(association): \(who) calls \(request.calledTitle)"
        case .rejected(let reason): "association \(association): \(who) was refused: \(reason.rawValue)"
        case .echoed: "association \(association): echo answered"
        case .answered(let status, let byteCount):
            "association \(association): object of \(byteCount) bytes answered with status \(String(status, radix: 16, uppercase: true))"
        case .released: "association \(association): released by \(who)"
        case .ended(let code): "association \(association): \(who) ended without release: \(code.rawValue)"
        }
    }
}
