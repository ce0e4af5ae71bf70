import Foundation
import JobEngine
import Operations
import Persistence
import Registry
import Storage
import Studies
import Synchronization
import TestSupport

/// A system of a database of its own, without a broker and without workers, and what it remarked on.
struct SystemFixture: Sendable {
    let system: SystemConnection
    let store: PostgresJobStore
    /// Of the database, beside the system's own.
    let pool: PostgresPool
    private let noted: Noted

    /// Of no sender and no hospital.
    static let tenant: Tenant = "radiology"

    /// - Parameters:
    ///   - storage: whether it has a folder for a store.
    ///   - isMigrated: false: its database is empty.
    static func with<Result: Sendable>(
        storage: Bool = false, isMigrated: Bool = true, _ body: (SystemFixture) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "operations-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await TemporaryDatabase.with(isMigrated: isMigrated) { database in
            let noted = Noted()
            var environment = ["COLUMNA_DATABASE_URL": database.settings.url]
            if storage { environment["COLUMNA_STORAGE"] = folder.path }
            let system = try SystemConnection(
                environment: environment, name: "tests", actor: "anna@desk", remark: { noted.add($0) })
            return try await body(
                SystemFixture(
                    system: system, store: PostgresJobStore(pool: database.pool, bookkeeping: .studies),
                    pool: database.pool, noted: noted))
        }
    }

    var remarks: [String] { noted.all }

    /// The storage, made the database's.
    func storeOfItsOwn() async throws -> any ObjectStore {
        _ = try await system.adoptStorage()
        return try system.storage
    }

    /// A study whose only job waits in a queue.
    func queuedStudy(messageID: String = UUID().uuidString, source: String? = nil) async throws
        -> (study: StudyID, job: JobID)
    {
        let study = Study(tenant: Self.tenant, pipeline: .segment, source: source, messageID: messageID)
        let first = JobRequest(kind: IngestStudy.kind, tenant: Self.tenant, study: study.id)
        _ = try await PostgresStudies(pool: system.pool).submit(study, first: first)
        return (study.id, first.id)
    }

    /// Claims the one job of a stage and ends it.
    func end(_ stage: Stage, _ completion: Completion) async throws {
        for job in try await store.claimAvailableJobs(ClaimRequest(stage: stage, worker: "w")) {
            _ = try await store.completeJobIfRunning(job.record.id, token: job.token, completion: completion)
        }
    }

    /// Claims the one job of a stage, which dies of its input.
    func kill(_ stage: Stage, reason: String) async throws {
        for job in try await store.claimAvailableJobs(ClaimRequest(stage: stage, worker: "w")) {
            _ = try await store.failJobIfRunning(
                job.record.id, token: job.token,
                failure: JobFailure(class: .data, code: "not-dicom", reason: reason))
        }
    }

    static func artifact(_ role: String, _ digit: Character) -> ArtifactReference {
        ArtifactReference(
            role: role, address: .repeating(digit), byteCount: 7, mediaType: "x")
    }
}

private final class Noted: Sendable {
    private let sentences = Mutex<[String]>([])

    func add(_ sentence: String) { sentences.withLock { $0.append(sentence) } }

    var all: [String] { sentences.withLock { $0 } }
}
