import JobEngine

/// The CloudEvents types of the contract. The number at the end is the major version: a change that old readers cannot
/// take gets the next one, and both are accepted for a while.
package enum EventType {
    static let prefix = "dev.columna."

    package static let studySubmitted = "dev.columna.study.submitted.v1"
    package static let studyRequested = "dev.columna.study.requested.v1"
    package static let studyCompleted = "dev.columna.study.completed.v1"
    package static let studyCorrected = "dev.columna.study.corrected.v1"
}
