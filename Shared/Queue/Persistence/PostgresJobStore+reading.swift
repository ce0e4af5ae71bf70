package import Foundation
package import JobEngine

extension PostgresJobStore {
    package func now() async throws -> Date { try await pool.run(SessionStatements.now())[0].date("now") }

    package func job(_ id: JobID) async throws -> JobRecord? {
        try await pool.run(ReadingStatements.job(.uuid(id.uuid))).first?.jobRecord(bookkeeping)
    }

    package func jobs(_ filter: JobFilter) async throws -> [JobRecord] {
        try await pool.run(
            ReadingStatements.jobs(
                filter.states.map { .texts($0.map(\.rawValue)) } ?? .noTexts, .text(filter.stage?.rawValue),
                .text(filter.tenant),
                .uuid(filter.study), .integer(filter.limit))
        ).readable(log) { try $0.jobRecord(bookkeeping) }
    }

    package func deadJobs(stage: Stage?, tenant: Tenant?, limit: Int) async throws -> [JobRecord] {
        try await pool.run(ReadingStatements.deadJobs(.text(stage?.rawValue), .text(tenant), .integer(limit))).readable(
            log
        ) { try $0.jobRecord(bookkeeping) }
    }

    package func attempts(of job: JobID) async throws -> [JobAttempt] {
        try await pool.run(ReadingStatements.attempts(.uuid(job.uuid))).map {
            JobAttempt(
                worker: try $0.string("worker"), token: Int64(try $0.integer("token")),
                startedAt: try $0.date("started_at"),
                endedAt: try $0.optionalDate("ended_at"), outcome: try $0.optionalString("outcome"),
                failure: try $0.failure(),
                codeVersion: try $0.string("code_version"))
        }
    }

    package func artifacts(of job: JobID) async throws -> [JobArtifact] {
        try await pool.run(ReadingStatements.artifacts(.uuid(job.uuid))).map {
            JobArtifact(isInput: try $0.string("direction") == "input", reference: try $0.artifactReference())
        }
    }

    package func parents(of job: JobID) async throws -> [JobID] {
        try await pool.run(ReadingStatements.parents(.uuid(job.uuid))).map { try $0.id("id") }
    }

    package func children(of job: JobID) async throws -> [JobID] {
        try await pool.run(ReadingStatements.children(.uuid(job.uuid))).map { try $0.id("id") }
    }
}
