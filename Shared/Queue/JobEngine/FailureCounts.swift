package import Foundation

/// Failures of one class that belong together.
package struct FailureRow: Sendable, Equatable {
    package var count = 0
    /// When the first failed, by the store's clock; nil: none did, or an older version counted it.
    package var since: Date?

    package init(count: Int = 0, since: Date? = nil) {
        self.count = count
        self.since = since
    }
}

/// How many attempts of a job failed, by class, and since when; counted anew after a replay.
package struct FailureCounts: Sendable, Equatable {
    package var transient: FailureRow
    package var resource: FailureRow
    package var defect: FailureRow
    /// In a row, without progress.
    package var crash: FailureRow

    package init(
        transient: FailureRow = FailureRow(), resource: FailureRow = FailureRow(), defect: FailureRow = FailureRow(),
        crash: FailureRow = FailureRow()
    ) {
        self.transient = transient
        self.resource = resource
        self.defect = defect
        self.crash = crash
    }

    /// Counts a failed attempt.
    ///
    /// - Parameter progressed: whether the attempt got further than those before, which ends all rows but that of
    ///   defects.
    /// - Returns: the row of its class.
    package mutating func add(_ failureClass: JobFailure.Class, progressed: Bool, now: Date) -> FailureRow {
        if progressed { (transient, resource, crash) = (FailureRow(), FailureRow(), FailureRow()) }
        switch failureClass {
        case .transient: return Self.add(to: &transient, now)
        case .resource: return Self.add(to: &resource, now)
        case .data: return FailureRow(count: 1, since: now)
        case .defect, .unknown: return Self.add(to: &defect, now)
        // One that got further than all before it proves nothing against the job.
        case .crash: return progressed ? crash : Self.add(to: &crash, now)
        }
    }

    private static func add(to row: inout FailureRow, _ now: Date) -> FailureRow {
        row.count += 1
        row.since = row.since ?? now
        return row
    }
}
