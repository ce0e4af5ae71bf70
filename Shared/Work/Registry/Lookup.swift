package import Persistence
package import JobEngine
package import Studies

/// Questions of operators that neither the job store nor the catalog answers; all read only.
package struct Lookup: Sendable {
    /// A study that a message became, and who sent the message.
    package struct SentStudy: Sendable {
        package let study: StudyID
        package let tenant: Tenant
        /// Nil for one from before sources were kept.
        package let source: String?
    }

    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// The study that a sender's message became, once ingestion has taken it.
    package func study(tenant: Tenant, source: String, messageID: String) async throws -> StudyID? {
        try await pool.run(LookupStatements.studyOfMessage(.text(tenant), .text(source), .text(messageID))).first
            .map { try $0.id("id") }
    }

    /// The dead job of this deduplication key that a message became, if ingestion refused it.
    package func refusal(deduplicationKey: String, tenant: Tenant) async throws -> JobID? {
        try await pool.run(LookupStatements.refusalOfMessage(.text(tenant), .text(deduplicationKey))).first.map {
            try $0.id("id")
        }
    }

    /// All senders' studies that a message of this id became.
    package func studies(messageID: String) async throws -> [SentStudy] {
        try await pool.run(LookupStatements.studiesOfMessage(.text(messageID))).map {
            SentStudy(
                study: try $0.id("id"), tenant: try $0.value("tenant"), source: try $0.optionalString("source"))
        }
    }

    /// States of studies, as far as they exist.
    package func states(of studies: [StudyID]) async throws -> [StudyID: StudyState] {
        let rows = try await pool.run(LookupStatements.studyStates(.uuids(studies)))
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.id("id"), try $0.value("state")) })
    }

    /// The objects that a job, case or model refers to, of those whose digests begin so.
    func addresses(beginningWith digits: String) async throws -> [ContentAddress] {
        try await pool.run(LookupStatements.addresses(.text(digits))).map { try $0.value("address") }
    }

    /// Of tenants that have one, by name.
    package func runningLimits() async throws -> [(tenant: Tenant, limit: Int)] {
        try await pool.run(LookupStatements.runningLimits()).map {
            (try $0.value("name"), try $0.integer("running_limit"))
        }
    }

    package func jobs(writing address: ContentAddress) async throws -> [JobID] { try await jobs(address, "output") }

    package func jobs(reading address: ContentAddress) async throws -> [JobID] { try await jobs(address, "input") }

    private func jobs(_ address: ContentAddress, _ direction: String) async throws -> [JobID] {
        try await pool.run(LookupStatements.jobsOfArtifact(.text(address), .text(direction))).map {
            try $0.id("job")
        }
    }

    /// Which code ran a job last, and what it read and wrote, with where each input came from.
    package func lineage(of job: JobID) async throws -> (codeVersion: String?, artifacts: [LineageRow]) {
        let rows = try await pool.run(LookupStatements.lineageOfJob(.uuid(job.uuid)))
        return (try rows.first?.optionalString("code_version"), try rows.compactMap(LineageRow.init))
    }
}

/// One artifact of one job.
package struct LineageRow: Sendable {
    package let isInput: Bool
    package let role: String
    package let address: ContentAddress
    package let byteCount: Int
    package let producer: JobID?
    package let model: ModelReference?

    /// Nil for the one row of a job without artifacts, which has no address.
    init?(_ row: PostgresRow) throws {
        guard let address: ContentAddress = try row.optionalValue("address") else { return nil }
        self.address = address
        isInput = try row.string("direction") == "input"
        role = try row.string("role")
        byteCount = try row.integer("byte_count")
        producer = try row.optionalID("producing_job")
        model = try row.optionalValue("model_version")
    }
}
