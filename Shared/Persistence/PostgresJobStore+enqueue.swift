import Foundation
package import JobEngine

extension PostgresJobStore {
    package func enqueue(_ requests: [JobRequest]) async throws -> [EnqueueResult] {
        try await insert(requests, failure: nil)
    }

    package func enqueueDead(_ request: JobRequest, failure: JobFailure) async throws -> EnqueueResult {
        try await insert([request], failure: failure)[0]
    }

    package func submit(_ study: Study, first job: JobRequest) async throws -> EnqueueResult {
        var first = job
        first.study = study.id
        let queries = Self.enqueueQueries([first], failure: nil)
        do {
            let inserted = try await pool.transaction(first: [Self.insertQuery(study, first: job.id)]) { transaction, rows in
                guard !rows[0].isEmpty else { return false }
                // The job is another's already (same key, other message): undo the study.
                guard try await transaction.run(queries).last?.isEmpty == false else { throw DuplicateJob() }
                return true
            }
            if inserted { return .inserted(job.id) }
        } catch is DuplicateJob {
            return .duplicate(of: try await duplicates(of: [first])[0])
        } catch let error as PostgresError {
            throw error.asJobStoreError
        }
        let rows = try await pool.run(
            StudyStatements.findStudyOfMessage(.text(study.tenant), .text(study.messageID), .uuid(study.id)))
        guard let row = rows.first else { throw JobStoreError(.unknownStudy, "the study was neither inserted nor found") }
        return .duplicate(of: JobID(try row.uuid("first_job")))
    }

    private struct DuplicateJob: Error {}

    static func insertQuery(_ study: Study, first: JobID) -> Query {
        StudyStatements.insertStudy(
            .uuid(study.id), .text(study.tenant), .text(study.pipeline.rawValue), .text(study.messageID), .text(study.replyTo),
            .text(study.correlationID), .uuid(first.uuid))
    }

    private func insert(_ requests: [JobRequest], failure: JobFailure?) async throws -> [EnqueueResult] {
        guard !requests.isEmpty else { return [] }
        let rows: [PostgresRows]
        do {
            rows = try await pool.run(Self.enqueueQueries(requests, failure: failure))
        } catch let error as PostgresError {
            throw error.asJobStoreError
        }
        let inserted = Set(try rows[rows.count - 1].map { JobID(try $0.uuid("id")) })
        guard inserted.count < requests.count else { return requests.map { .inserted($0.id) } }
        return try await results(of: requests, inserted: inserted)
    }

    private func results(of requests: [JobRequest], inserted: Set<JobID>) async throws -> [EnqueueResult] {
        // The same id twice in one batch: the second is a duplicate of the first.
        var unclaimed = inserted
        let isInserted = requests.map { unclaimed.remove($0.id) != nil }
        var found = try await duplicates(of: zip(requests, isInserted).filter { !$0.1 }.map(\.0)).makeIterator()
        return zip(requests, isInserted).map { request, isInserted in
            isInserted ? .inserted(request.id) : .duplicate(of: found.next() ?? request.id)
        }
    }

    private func duplicates(of requests: [JobRequest]) async throws -> [JobID] {
        let rows = try await pool.run(
            JobStatements.findDuplicates(
                .uuids(requests.map(\.id.uuid)), .texts(requests.map(\.tenant)), .texts(requests.map(\.kind.rawValue)),
                .texts(requests.map(\.deduplicationKey))))
        return try rows.map { JobID(try $0.uuid("id")) }
    }

    /// Inserts requests within a transaction; the last query returns the ids that were inserted.
    static func enqueueQueries(_ requests: [JobRequest], failure: JobFailure?) -> [Query] {
        let edges = requests.flatMap { request in request.parents.map { (child: request.id, parent: $0) } }
        let inputs = requests.flatMap { request in request.inputs.map { (job: request.id, input: $0) } }
        let enqueue = JobStatements.enqueueJobs(
            .uuids(requests.map(\.id.uuid)), .texts(requests.map(\.kind.rawValue)),
            .texts(requests.map(\.kind.stage.rawValue)), .texts(requests.map(\.tenant)), .texts(requests.map(\.priority.rawValue)),
            .texts(requests.map(\.deduplicationKey)), .texts(requests.map(\.parameters)), .uuids(requests.map(\.study)),
            .timestamps(requests.map(\.runAt)), .uuids(edges.map(\.child.uuid)), .uuids(edges.map(\.parent.uuid)),
            .uuids(inputs.map(\.job.uuid)), .texts(inputs.map(\.input.role)), .texts(inputs.map(\.input.address)),
            .integers(inputs.map { Int64($0.input.byteCount) }), .texts(inputs.map(\.input.mediaType)),
            .text(failure?.class.rawValue), .text(failure?.code), .text(failure?.reason))
        return edges.isEmpty ? [enqueue] : [JobStatements.lockParents(.uuids(edges.map(\.parent.uuid))), enqueue]
    }
}
