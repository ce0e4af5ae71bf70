package import Foundation

/// Something beyond this system that jobs need, and that failed last. Names are `archive:<node of the site file>`.
package struct DependencyRecord: Sendable, Equatable {
    package var name: String
    /// In a row, of all jobs that need it.
    package var failures: Int
    /// Since when its jobs are held; nil: they still try.
    package var openedAt: Date?
    /// When one of them may try again.
    package var probeAt: Date
    /// What failed last, free of patient data.
    package var reason: String
    /// Jobs that wait for it.
    package var heldJobs: Int

    package init(name: String, failures: Int, openedAt: Date?, probeAt: Date, reason: String, heldJobs: Int) {
        self.name = name
        self.failures = failures
        self.openedAt = openedAt
        self.probeAt = probeAt
        self.reason = reason
        self.heldJobs = heldJobs
    }
}
