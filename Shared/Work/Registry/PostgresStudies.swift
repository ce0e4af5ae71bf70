import Faults
import Foundation
package import JobEngine
package import Persistence
package import Studies

/// Takes studies in, in PostgreSQL.
package struct PostgresStudies: Sendable {
    private let pool: PostgresPool
    private let jobs: PostgresJobStore

    package init(pool: PostgresPool) {
        self.pool = pool
        jobs = PostgresJobStore(pool: pool, bookkeeping: .studies)
    }

    /// Inserts a study with its first job. The same tenant, source and message id twice is one study with one job.
    /// Whoever asked (`replyTo`) is answered in the same transaction: accepted; or, for a repeat, the result if there
    /// is one, and otherwise accepted now and the result with the first asker's.
    ///
    /// - Parameters:
    ///   - keyBeforeSources: the key that such a job had while sources were not kept: one of a study from then
    ///     that was asked for the same is it.
    ///   - importing: the case of a data set that it is to become, which is noted with it.
    ///   - correcting: the study whose labels it brings corrected, likewise.
    package func submit(
        _ study: Study, first job: JobRequest, keyBeforeSources: String? = nil, importing: OrderedCase? = nil,
        correcting: SentCorrection? = nil
    ) async throws -> SubmissionResult {
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
                let queries = PostgresJobStore.enqueueQueries([first], failure: nil)
                guard try await transaction.run(queries).last?.isEmpty == false else { throw DuplicateJob(nil) }
                if let importing {
                    _ = try await transaction.run(
                        DataSetStatements.recordImport(
                            .text(study.tenant), .text(importing.dataSet), .text(importing.name), .uuid(study.id),
                            .text(importing.sourceDigest)))
                }
                if let correcting {
                    _ = try await transaction.run(
                        CorrectionStatements.record(
                            .uuid(first.id), .text(study.tenant), .uuid(correcting.study), .text(correcting.author)))
                }
                if let acceptance = try Self.acceptance(of: study, as: study.id, first: first.id, repeated: false) {
                    _ = try await transaction.run(PostgresJobStore.sendQuery(acceptance))
                }
                return .accepted(first.id)
            }
        } catch let duplicate as DuplicateJob {
            let known: JobID
            if let former = duplicate.former {
                known = former
            } else {
                known = try await jobs.duplicates(of: [first])[0]
            }
            return try await pool.transaction(first: [StudyStatements.lockStudyOfJob(.uuid(known.uuid))]) {
                transaction, rows in
                guard let row = rows[0].first else { return .repeated(of: known) }
                return try await Self.answer(study, of: row, transaction)
            }
        } catch let error as PostgresError {
            throw error.asJobStoreError
        }
    }

    /// A case of a data set that is to be imported.
    package struct OrderedCase: Sendable {
        let dataSet: String
        let name: String
        /// SHA-256 in hex, as `CaseImport` has it.
        let sourceDigest: String

        package init(dataSet: String, name: String, sourceDigest: String) {
            self.dataSet = dataSet
            self.name = name
            self.sourceDigest = sourceDigest
        }
    }

    /// Corrected labels that somebody sent.
    package struct SentCorrection: Sendable {
        let study: StudyID
        /// A person's name, which is kept here alone.
        let author: String?

        package init(study: StudyID, author: String?) {
            self.study = study
            self.author = author
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
        ).first.map { try $0.id("id") }
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
        let (id, first) = (try row.id("id", StudyID.self), try row.id("first_job", JobID.self))
        guard !repeated.contradicts(try row.optionalString("content_digest")) else { return .contradicted(first) }
        guard let queue = repeated.replyTo else { return .repeated(of: first) }
        let asker = (PostgresValue.uuid(id), PostgresValue.text(queue), PostgresValue.text(repeated.correlationID))
        let state: StudyState = try row.value("state")
        if state != .submitted {
            _ = try await transaction.run(StudyStatements.repeatResult(asker.0, asker.1, asker.2))
        } else if let acceptance = try acceptance(of: repeated, as: id, first: first, repeated: true) {
            _ = try await transaction.run([
                StudyStatements.noteAsker(asker.0, asker.1, asker.2), PostgresJobStore.sendQuery(acceptance),
            ])
        }
        return .repeated(of: first)
    }

    /// Nil for who asked for no answer.
    private static func acceptance(of asked: Study, as study: StudyID, first: JobID, repeated: Bool) throws -> JobEvent?
    {
        let acceptance = StudyAnswer.Acceptance(
            tenant: asked.tenant, id: asked.messageID, source: asked.source, study: study, job: first,
            repeated: repeated)
        return try JobEvent.accepted(
            acceptance, subject: study.description, replyTo: asked.replyTo,
            correlationID: asked.correlationID)
    }

    static func insertQuery(_ study: Study, first: JobRequest) -> Query {
        StudyStatements.insertStudy(
            .uuid(study.id), .text(study.tenant), .text(study.pipeline.rawValue), .text(study.source),
            .text(study.messageID),
            .text(study.contentDigest), .text(study.replyTo), .text(study.correlationID), .uuid(first.id.uuid),
            .text(first.parameters))
    }
}
