import Foundation
package import JobEngine

extension InMemoryJobStore {
    package func job(_ id: JobID) -> JobRecord? { jobs[id]?.record }

    package func jobs(_ filter: JobFilter) -> [JobRecord] {
        let found = jobs.values.map(\.record).filter { job in
            (filter.states?.contains(job.state) ?? true) && (filter.stage.map { $0 == job.stage } ?? true)
                && (filter.tenant.map { $0 == job.tenant } ?? true) && (filter.study.map { $0 == job.study } ?? true)
        }
        let newestFirst = found.sorted {
            $0.createdAt == $1.createdAt ? $0.id.description < $1.id.description : $0.createdAt > $1.createdAt
        }
        return Array(newestFirst.prefix(filter.limit))
    }

    package func deadJobs(stage: Stage?, tenant: Tenant?, limit: Int) -> [JobRecord] {
        let dead = jobs(JobFilter(states: [.dead], stage: stage, tenant: tenant, limit: .max))
        let lastFirst = dead.sorted {
            let (one, other) = ($0.finishedAt ?? .distantPast, $1.finishedAt ?? .distantPast)
            return one == other ? $0.id.description < $1.id.description : one > other
        }
        return Array(lastFirst.prefix(limit))
    }

    package func attempts(of job: JobID) -> [JobAttempt] { jobs[job]?.attempts ?? [] }

    package func artifacts(of job: JobID) -> [JobArtifact] {
        guard let job = jobs[job] else { return [] }
        return job.artifacts.filter(\.isInput) + job.artifacts.filter { !$0.isInput }
    }

    package func parents(of job: JobID) -> [JobID] { jobs[job]?.parents ?? [] }

    package func children(of job: JobID) -> [JobID] {
        (jobs[job]?.children ?? []).sorted { $0.description < $1.description }
    }
}
