package import Foundation
package import JobEngine

/// One revision of a DICOM study that comes as files over time. Free of patient data: `studyKey` is a pseudonym.
///
/// ```
/// open ──(the sender hung up, or said that it is complete)──> settling ──(a signal)──> complete ──(a late instance)──> superseded
///   └──────────────(a signal: quiet time, count, message)────────────────────────────────^                  └─> revision + 1, open
/// ```
package struct Arrival: Sendable, Equatable {
    package var id: UUID
    package var tenant: Tenant
    /// What the study goes by, for all its revisions: one of an ``ArrivalKey``.
    package var studyKey: String
    /// From 1; a late instance makes the next.
    package var revision: Int
    package var state: ArrivalState
    /// Distinct SOP instances up to now.
    package var instanceCount: Int
    /// How many there will be, if somebody said so.
    package var expectedCount: Int?
    /// Whether the sender said that nothing more will come.
    package var isDeclaredComplete: Bool
    package var openedAt: Date
    package var lastInstanceAt: Date?
    package var signal: CompletionSignal?
    /// The study that was made of it, or the retrieval that fetches it.
    package var study: StudyID?

    package init(
        id: UUID, tenant: Tenant, studyKey: String, revision: Int, state: ArrivalState, instanceCount: Int,
        expectedCount: Int? = nil,
        isDeclaredComplete: Bool = false, openedAt: Date, lastInstanceAt: Date? = nil, signal: CompletionSignal? = nil,
        study: StudyID? = nil
    ) {
        self.id = id
        self.tenant = tenant
        self.studyKey = studyKey
        self.revision = revision
        self.state = state
        self.instanceCount = instanceCount
        self.expectedCount = expectedCount
        self.isDeclaredComplete = isDeclaredComplete
        self.openedAt = openedAt
        self.lastInstanceAt = lastInstanceAt
        self.signal = signal
        self.study = study
    }

    /// What makes the study complete at `now`; nil: it goes on waiting.
    ///
    /// A count that was announced holds against quiet time: a slow sender is not finished because it pauses. Patience
    /// ends that wait.
    package func completion(at now: Date, _ policy: SettlingPolicy) -> CompletionSignal? {
        guard [.open, .settling].contains(state), instanceCount > 0, let lastInstanceAt else { return nil }
        if let expectedCount, instanceCount >= expectedCount { return .count }
        if isDeclaredComplete, expectedCount == nil { return .message }
        let silence = now.timeIntervalSince(lastInstanceAt)
        if expectedCount == nil, silence >= policy.quietInSeconds { return .quiet }
        return silence >= policy.patienceInSeconds ? .gaveUp : nil
    }
}

package enum ArrivalState: String, Sendable, CaseIterable {
    /// Instances come.
    case open
    /// The sender has hung up or called it complete, but no signal is final yet.
    case settling
    /// A study was made of exactly these instances.
    case complete
    /// An instance came afterwards; the next revision replaces this one, whose jobs are cancelled.
    case superseded
}

/// Why a study was taken for complete.
package enum CompletionSignal: String, Sendable, CaseIterable {
    /// No instance came for the quiet time.
    case quiet
    /// As many came as were announced.
    case count
    /// The sender said so.
    case message
    /// A retrieval fetched all that the archive had.
    case retrieved
    /// Fewer came than were announced, and patience ended.
    case gaveUp = "gave-up"
}

/// A tenant's times for ``Arrival/completion(at:_:)``.
package struct SettlingPolicy: Sendable, Equatable {
    /// So long without an instance and the study is complete, unless a count was announced.
    package var quietInSeconds: Double
    /// So long without an instance and it is complete even below the announced count.
    package var patienceInSeconds: Double

    package init(quietInSeconds: Double = 60, patienceInSeconds: Double = 900) {
        self.quietInSeconds = quietInSeconds
        self.patienceInSeconds = patienceInSeconds
    }
}
