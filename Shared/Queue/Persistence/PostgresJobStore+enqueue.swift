import Foundation
package import JobEngine

extension PostgresJobStore {
    package func enqueue(_ requests: [JobRequest]) async throws -> [EnqueueResult] {
        try await insert(requests, failure: nil)
    }

    package func enqueueDead(_ request: JobRequest, failure: JobFailure) async throws -> EnqueueResult {
        try await insert([request], failure: failure)[0]
    }

    package func send(_ event: JobEvent) async throws { _ = try await pool.run(Self.sendQuery(event)) }

    package func submit(_ study: Study, first job: JobRequest, keyBeforeSources: String?) async throws
        -> SubmissionResult
    {
        var first = job
        first.study = study.id
        do {
            return try await pool.transaction(first: [Self.insertQuery(study, first: job)]) {
                [first] transaction, rows in
                guard !rows[0].isEmpty else { return try await Self.answerRepeat(of: study, first: first, transaction) }
                // The job is another's already (same key, other message): undo the study.
                if let keyBeforeSources, let former = try await Self.firstJob(first, keyBeforeSources, transaction) {
                    throw DuplicateJob(former)
                }
                let queries = Self.enqueueQueries([first], failure: nil)
                guard try await transaction.run(queries).last?.isEmpty == false else { throw DuplicateJob(nil) }
                if let acceptance = try Self.acceptance(of: study, as: study.id, first: first.id, repeated: false) {
                    _ = try await transaction.run(Self.sendQuery(acceptance))
                }
                return .accepted(first.id)
            }
        } catch let duplicate as DuplicateJob {
            let known: JobID
            if let former = duplicate.former { known = former } else { known = try await duplicates(of: [first])[0] }
            return try await pool.transaction(first: [StudyStatements.lockStudyOfJob(.uuid(known.uuid))]) {
                transaction, rows in
                guard let row = rows[0].first else { return .repeated(of: known) }
                return try await Self.answer(study, of: row, transaction)
            }
        } catch let error as PostgresError {
            throw error.asJobStoreError
        }
    }

    private struct DuplicateJob: Error {
        /// Nil: to be found by its key.
        let former: JobID?

        init(_ former: JobID?) { self.former = former }
    }

    private static func firstJob(_ request: JobRequest, _ key: String, _ transaction: PostgresTransaction) async throws
        -> JobID?
    {
        try await transaction.run(
            StudyStatements.firstJobBeforeSources(
                .text(request.tenant), .text(request.kind.rawValue), .text(key), .text(request.parameters))
        ).first.map { JobID(try $0.uuid("id")) }
    }

    private static func answerRepeat(of study: Study, first: JobRequest, _ transaction: PostgresTransaction)
        async throws -> SubmissionResult
    {
        let found = try await transaction.run(
            StudyStatements.lockStudyOfEvent(
                .text(study.tenant), .text(study.source), .text(study.messageID), .uuid(study.id),
                .text(first.parameters)))
        guard let row = found.first else {
            throw JobStoreError(.unknownStudy, "the study was neither inserted nor found")
        }
        return try await answer(study, of: row, transaction)
    }

    /// - Parameter row: the study that is there, under lock.
    private static func answer(_ repeated: Study, of row: PostgresRow, _ transaction: PostgresTransaction) async throws
        -> SubmissionResult
    {
        let (id, first) = (try row.uuid("id"), JobID(try row.uuid("first_job")))
        guard !repeated.contradicts(try row.optionalString("content_digest")) else { return .contradicted(first) }
        guard let queue = repeated.replyTo else { return .repeated(of: first) }
        let asker = (PostgresValue.uuid(id), PostgresValue.text(queue), PostgresValue.text(repeated.correlationID))
        let state: StudyState = try row.value("state")
        if state != .submitted {
            _ = try await transaction.run(StudyStatements.repeatResult(asker.0, asker.1, asker.2))
        } else if let acceptance = try acceptance(of: repeated, as: id, first: first, repeated: true) {
            _ = try await transaction.run([StudyStatements.noteAsker(asker.0, asker.1, asker.2), sendQuery(acceptance)])
        }
        return .repeated(of: first)
    }

    /// Nil for who asked for no answer.
    private static func acceptance(of asked: Study, as study: UUID, first: JobID, repeated: Bool) throws -> JobEvent? {
        let acceptance = StudyAnswer.Acceptance(
            tenant: asked.tenant, id: asked.messageID, source: asked.source, study: study, job: first,
            repeated: repeated)
        return try JobEvent.accepted(
            acceptance, subject: study.uuidString.lowercased(), replyTo: asked.replyTo,
            correlationID: asked.correlationID)
    }

    static func sendQuery(_ event: JobEvent) -> Query {
        UpkeepStatements.insertMessage(
            .text(event.exchange), .text(event.routingKey), .text(event.correlationID), .text(event.type),
            .text(event.subject), .text(event.data))
    }

    package static func insertQuery(_ study: Study, first: JobRequest) -> Query {
        StudyStatements.insertStudy(
            .uuid(study.id), .text(study.tenant), .text(study.pipeline.rawValue), .text(study.source),
            .text(study.messageID),
            .text(study.contentDigest), .text(study.replyTo), .text(study.correlationID), .uuid(first.id.uuid),
            .text(first.parameters))
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
    package static func enqueueQueries(_ requests: [JobRequest], failure: JobFailure?) -> [Query] {
        let edges = requests.flatMap { request in request.parents.map { (child: request.id, parent: $0) } }
        let inputs = requests.flatMap { request in request.inputs.map { (job: request.id, input: $0) } }
        let enqueue = JobStatements.enqueueJobs(
            .uuids(requests.map(\.id.uuid)), .texts(requests.map(\.kind.rawValue)),
            .texts(requests.map(\.kind.stage.rawValue)), .texts(requests.map(\.tenant)),
            .texts(requests.map(\.priority.rawValue)),
            .texts(requests.map(\.deduplicationKey)), .texts(requests.map(\.parameters)), .uuids(requests.map(\.study)),
            .timestamps(requests.map(\.runAt)), .uuids(edges.map(\.child.uuid)), .uuids(edges.map(\.parent.uuid)),
            .uuids(inputs.map(\.job.uuid)), .texts(inputs.map(\.input.role)), .texts(inputs.map(\.input.address)),
            .integers(inputs.map { Int64($0.input.byteCount) }), .texts(inputs.map(\.input.mediaType)),
            .text(failure?.class.rawValue), .text(failure?.code), .text(failure?.reason))
        return edges.isEmpty ? [enqueue] : [JobStatements.lockParents(.uuids(edges.map(\.parent.uuid))), enqueue]
    }
}
