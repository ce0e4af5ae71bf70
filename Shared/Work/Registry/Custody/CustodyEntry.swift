/// An identity and the pseudonym that stands for it. Never logged.
package struct CustodyEntry: Sendable, Hashable {
    /// `patient-id`, `study-uid` … (`IdentityPair.Kind`).
    package var kind: String
    package var pseudonym: String
    package var original: String

    package init(kind: String, pseudonym: String, original: String) {
        self.kind = kind
        self.pseudonym = pseudonym
        self.original = original
    }
}
