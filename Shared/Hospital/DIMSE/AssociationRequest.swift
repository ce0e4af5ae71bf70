/// Who asks for an association. Titles are what the caller says; nothing proves them.
package struct AssociationRequest: Sendable, Hashable {
    package var callingTitle: String
    package var calledTitle: String
    /// Numeric IPv4.
    package var peerAddress: String

    package init(callingTitle: String, calledTitle: String, peerAddress: String) {
        self.callingTitle = callingTitle
        self.calledTitle = calledTitle
        self.peerAddress = peerAddress
    }
}

/// The answer to an association request.
package enum Admission: Sendable, Hashable {
    /// PS3.8 9.3.4.
    package enum Rejection: String, Sendable, Hashable {
        case callingTitleNotRecognized
        case calledTitleNotRecognized
        /// For now: the caller may try again.
        case localLimitExceeded
    }

    case accepted
    case rejected(Rejection)
}
