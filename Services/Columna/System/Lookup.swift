import Foundation
import JobEngine
import Messaging
import Persistence
import Storage
import Studies

/// Questions of the command line that neither the job store nor the catalog answers; all read only.
struct Lookup: Sendable {
    let pool: PostgresPool

    /// The study that a message became, once ingestion has taken it.
    func study(of sender: IntakeSender) async throws -> UUID? {
        try await pool.run(
            LookupStatements.studyOfMessage(.text(sender.tenant), .text(sender.source), .text(sender.messageID))
        ).first
            .map { try $0.uuid("id") }
    }

    /// The dead job that a message became, if ingestion refused it.
    func refusal(of message: OutgoingMessage, tenant: String) async throws -> JobID? {
        let key = try RejectedMessage.deduplicationKey(ofBody: message.body)
        return try await pool.run(LookupStatements.refusalOfMessage(.text(tenant), .text(key))).first.map {
            JobID(try $0.uuid("id"))
        }
    }

    /// The study a person means: by its own id, or by the id of a hospital's message.
    func study(_ text: String, what: String = "study or message") async throws -> UUID {
        if let id = UUID(uuidString: text), try await PostgresCatalog(pool: pool).study(id) != nil { return id }
        let found = try await pool.run(LookupStatements.studiesOfMessage(.text(text))).map {
            (try $0.uuid("id"), try $0.string("tenant"), try $0.optionalString("source"))
        }
        guard let first = found.first else {
            throw CommandFailure(.failed, "there is no \(what) '\(text)'; see `columna jobs list`")
        }
        guard found.count == 1 else {
            let choices = found.map {
                "\($0.0.uuidString.lowercased()) of \($0.1)" + ($0.2.map { " from \($0)" } ?? "")
            }.joined(separator: ", ")
            throw CommandFailure(.failed, "message '\(text)' became a study for several senders, say which: \(choices)")
        }
        return first.0
    }

    /// States of studies, as far as they exist.
    func states(of studies: [UUID]) async throws -> [UUID: StudyState] {
        let rows = try await pool.run(LookupStatements.studyStates(.uuids(studies)))
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.uuid("id"), try $0.value("state")) })
    }

    /// Every object that a job, case or model refers to.
    func addresses() async throws -> Set<ContentAddress> {
        Set(try await pool.run(LookupStatements.addresses()).compactMap { ContentAddress(try $0.string("address")) })
    }

    /// Of tenants that have one, by name.
    func runningLimits() async throws -> [(tenant: String, limit: Int)] {
        try await pool.run(LookupStatements.runningLimits()).map {
            (try $0.string("name"), try $0.integer("running_limit"))
        }
    }

    func jobs(writing address: String) async throws -> [JobID] { try await jobs(address, "output") }

    func jobs(reading address: String) async throws -> [JobID] { try await jobs(address, "input") }

    private func jobs(_ address: String, _ direction: String) async throws -> [JobID] {
        try await pool.run(LookupStatements.jobsOfArtifact(.text(address), .text(direction))).map {
            JobID(try $0.uuid("job"))
        }
    }

    /// What a job read and wrote, with where each input came from.
    func lineage(of job: JobID) async throws -> [LineageRow] {
        try await pool.run(LookupStatements.lineageOfJob(.uuid(job.uuid))).map(LineageRow.init)
    }
}

enum LookupStatements {
    /// Tenant, source, message id. One from before sources were kept only if there is no other: it may have been
    /// another source's.
    static let studyOfMessage = Statement(
        "command-study-of-message",
        """
        SELECT id
        FROM columna.studies
        WHERE tenant = $1 AND message_id = $3 AND (source = $2 OR source IS NULL)
        ORDER BY source NULLS LAST
        LIMIT 1
        """)

    /// Tenant, deduplication key.
    static let refusalOfMessage = Statement(
        "command-refusal-of-message",
        """
        SELECT id
        FROM columna.jobs
        WHERE tenant = $1 AND kind = 'ingest-study' AND deduplication_key = $2 AND state = 'dead'
        """)

    static let studiesOfMessage = Statement(
        "command-studies-of-message",
        """
        SELECT id, tenant, source
        FROM columna.studies
        WHERE message_id = $1
        ORDER BY tenant, source
        """)

    static let studyStates = Statement(
        "command-study-states",
        """
        SELECT id, state
        FROM columna.studies
        WHERE id = ANY($1)
        """)

    static let addresses = Statement(
        "command-addresses",
        """
        SELECT address
        FROM columna.artifacts
        """)

    static let runningLimits = Statement(
        "command-running-limits",
        """
        SELECT name, running_limit
        FROM columna.tenants
        WHERE running_limit IS NOT NULL
        ORDER BY name
        """)

    /// Address, direction. A DICOM instance is read by way of the list that is the job's input.
    static let jobsOfArtifact = Statement(
        "command-jobs-of-artifact",
        """
        SELECT lineage.job, lineage.created_at
        FROM analytics.job_lineage AS lineage
        WHERE lineage.address = $1 AND lineage.direction::text = $2
        UNION
        SELECT job.id, job.created_at
        FROM columna.arrived_instances AS instance
        JOIN columna.arrivals AS arrival ON arrival.id = instance.arrival AND arrival.signal IS NOT NULL
        JOIN columna.jobs AS job ON job.study = arrival.study AND job.kind = 'ingest-study'
        WHERE instance.address = $1 AND $2 = 'input'
        ORDER BY created_at, job
        """)

    /// The same bytes may have been written for several studies: the job's own study comes first.
    static let lineageOfJob = Statement(
        "command-lineage-of-job",
        """
        SELECT lineage.direction::text AS direction, lineage.role, lineage.address, lineage.byte_count, lineage.model_version, lineage.code_version,
            coalesce(own.job, lineage.producing_job) AS producing_job
        FROM analytics.job_lineage AS lineage
        LEFT JOIN LATERAL (
            SELECT written.job
            FROM columna.job_artifacts AS written
            JOIN columna.jobs AS maker ON maker.id = written.job
            WHERE written.address = lineage.address AND written.direction::text = 'output' AND lineage.direction::text = 'input'
                AND maker.study = lineage.study
            ORDER BY maker.created_at, maker.id
            LIMIT 1
        ) AS own ON true
        WHERE lineage.job = $1
        """)
}

/// One artifact of one job; address nil for a job without artifacts.
struct LineageRow: Sendable {
    let isInput: Bool
    let role: String
    let address: String
    let byteCount: Int
    let producer: JobID?
    let model: String?
    let codeVersion: String?

    init(_ row: PostgresRow) throws {
        isInput = try row.optionalString("direction") == "input"
        role = try row.optionalString("role") ?? ""
        address = try row.optionalString("address") ?? ""
        byteCount = try row.optionalInteger("byte_count") ?? 0
        producer = try row.optionalUUID("producing_job").map { JobID($0) }
        model = try row.optionalString("model_version")
        codeVersion = try row.optionalString("code_version")
    }
}
