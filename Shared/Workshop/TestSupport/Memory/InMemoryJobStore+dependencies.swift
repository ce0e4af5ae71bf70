import Foundation
package import JobEngine

extension InMemoryJobStore {
    package func admit(to dependency: String) -> CircuitBreaker.Admission {
        breakers[dependency]?.admit(now: clock().timeIntervalSince1970) ?? .proceed
    }

    package func recordFailure(of dependency: String, reason: String) -> Double? {
        let now = clock().timeIntervalSince1970
        breakers[dependency, default: CircuitBreaker()].failed(reason, now: now)
        return breakers[dependency]?.holding(now: now)
    }

    package func recordSuccess(of dependency: String) {
        guard breakers.removeValue(forKey: dependency)?.isOpen == true else { return }
        for (id, job) in jobs where job.record.state == .waiting && job.heldFor == dependency {
            jobs[id]?.record.runAt = clock()
        }
    }

    package func giveBackProbe(of dependency: String) {
        breakers[dependency]?.giveBackProbe(now: clock().timeIntervalSince1970)
    }

    package func holdJobIfRunning(_ id: JobID, token: Int64, for dependency: String, seconds: Double) throws -> Bool {
        guard let job = held(id, token) else { return false }
        let now = clock()
        let reason = breakers[dependency]?.reason ?? ""
        _ = try end(
            job, .held(job.record, counts: job.counts, for: dependency, reason: reason, seconds: seconds, now: now),
            now: now)
        return true
    }

    package func dependencies() -> [DependencyRecord] {
        breakers.map { name, breaker in
            DependencyRecord(
                name: name, failures: breaker.failures,
                openedAt: breaker.openedAt.map { Date(timeIntervalSince1970: $0) },
                probeAt: Date(timeIntervalSince1970: breaker.probeAt), reason: breaker.reason,
                heldJobs: jobs.values.count { $0.record.state == .waiting && $0.heldFor == name })
        }
        .sorted { $0.name < $1.name }
    }
}
