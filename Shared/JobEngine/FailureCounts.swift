/// How many attempts of a job failed, by class; counted anew after a replay.
package struct FailureCounts: Sendable, Equatable {
    package var transient: Int
    package var resource: Int
    package var defect: Int
    /// In a row, without progress.
    package var crashes: Int

    package init(transient: Int = 0, resource: Int = 0, defect: Int = 0, crashes: Int = 0) {
        self.transient = transient
        self.resource = resource
        self.defect = defect
        self.crashes = crashes
    }

    /// Counts a failed attempt.
    ///
    /// - Parameter progressed: whether the attempt got further than those before; a crash after progress starts the row of crashes anew.
    /// - Returns: how many of its class that makes.
    package mutating func add(_ failureClass: JobFailure.Class, progressed: Bool) -> Int {
        if progressed { crashes = 0 }
        switch failureClass {
        case .transient:
            transient += 1
            return transient
        case .resource:
            resource += 1
            return resource
        case .data:
            return 1
        case .defect:
            defect += 1
            return defect
        case .crash:
            if !progressed { crashes += 1 }
            return crashes
        }
    }
}
