package import JobEngine

/// The last order to import a case into a data set, and what became of it.
package struct CaseImport: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        /// It is a case of the data set.
        case arrived
        case underWay = "under-way"
        /// Its study died or was cancelled.
        case failed
        /// It was not submitted.
        case refused
        /// It was left out, because others found it to be broken: nothing is missing.
        case knownBroken = "known-broken"
    }

    /// Of the case.
    package var name: String
    /// Nil where it was not submitted.
    package var study: StudyID?
    /// SHA-256 in hex over its files and how they are to be read: an equal order is the same one.
    package var sourceDigest: String
    package var state: State
    /// Why it failed, was refused or was left out.
    package var reason: String?

    package init(name: String, study: StudyID?, sourceDigest: String, state: State, reason: String? = nil) {
        self.name = name
        self.study = study
        self.sourceDigest = sourceDigest
        self.state = state
        self.reason = reason
    }
}
