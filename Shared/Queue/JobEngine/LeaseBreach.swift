/// What a running job did that ends its attempt from outside.
package enum LeaseBreach: String, Sendable, CaseIterable {
    case leaseExpired = "lease-expired"
    case runningLimit = "running-limit"
    case noProgress = "no-progress"

    package func failure(of job: JobRecord) -> JobFailure {
        switch self {
        case .leaseExpired:
            JobFailure(
                class: .crash, code: rawValue,
                reason:
                    "worker \(job.worker ?? "unknown") did not renew its lease in time: it was killed, froze, or lost the database"
            )
        case .runningLimit:
            JobFailure(
                class: .defect, code: rawValue,
                reason:
                    "the attempt ran longer than jobs of kind \(job.kind.rawValue) may: raise kind_limits.running or split the work"
            )
        case .noProgress:
            JobFailure(
                class: .crash, code: rawValue,
                reason:
                    "worker \(job.worker ?? "unknown") reported no progress for longer than jobs of kind \(job.kind.rawValue) may"
            )
        }
    }
}
