import Documents
package import JobEngine
package import Persistence
package import Studies

/// Corrected label maps in PostgreSQL, and what is learned from them when.
package struct PostgresCorrections: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    // MARK: Label maps

    /// What a study has that may be corrected. Another tenant's study has nothing.
    package struct Correctable: Sendable {
        /// The CT; nil: there is no such study of the tenant, or it has not been read.
        package var volume: ArtifactReference?
        /// Newest first.
        package var labels: [CorrectableLabels]
    }

    package func correctable(_ study: StudyID, tenant: Tenant) async throws -> Correctable {
        var found = Correctable(volume: nil, labels: [])
        for row in try await pool.run(CorrectionStatements.correctable(.uuid(study), .text(tenant))) {
            let artifact = try row.artifactReference()
            let origin: CorrectableLabels.Origin
            switch artifact.role {
            case ArtifactKind.volume.role:
                found.volume = found.volume ?? artifact
                continue
            case ArtifactKind.truth.role: origin = .truth
            case ArtifactKind.correctedLabels.role: origin = .correction
            default: origin = .segmentation
            }
            found.labels.append(
                CorrectableLabels(
                    origin: origin, artifact: artifact, job: try row.id("job"), model: try row.optionalValue("model")))
        }
        return found
    }

    /// Newest first.
    ///
    /// - Parameters:
    ///   - tenant: nil: all.
    ///   - study: nil: all.
    package func corrections(tenant: Tenant?, study: StudyID?, limit: Int) async throws -> [Correction] {
        try await pool.run(CorrectionStatements.list(.text(tenant), .uuid(study), .integer(limit))).map {
            try $0.correction()
        }
    }

    // MARK: Withdrawing

    /// Nothing that is made from now on learns from the correction; a repeat changes nothing.
    ///
    /// - Returns: whether it stood until now; nil: the job brought none that was accepted.
    package func withdraw(_ job: JobID, actor: String) async throws -> Bool? {
        let lock = CorrectionStatements.lockAccepted(.uuid(job))
        return try await pool.transaction(first: [lock]) { transaction, rows in
            guard let row = rows[0].first else { return nil }
            if try row.boolean("is_withdrawn") { return false }
            _ = try await transaction.run(CorrectionStatements.withdraw(.uuid(job), .text(actor)))
            _ = try await transaction.run(
                OperatorStatements.audit(
                    .text(actor), .text("correction-withdrawn"), .uuid(job), .text(try row.string("tenant"))))
            return true
        }
    }

    /// Of a correction: data sets that learn from it, and versions that were trained on them.
    package func learners(from job: JobID) async throws -> CorrectionLearners {
        var found = CorrectionLearners()
        for row in try await pool.run(CorrectionStatements.learners(.uuid(job))) {
            let dataSet = try row.string("data_set")
            if found.dataSets.last != dataSet { found.dataSets.append(dataSet) }
            guard let version: ModelReference = try row.optionalValue("version") else { continue }
            found.versions.append(version)
            if try row.boolean("is_promoted") { found.promoted.append(version) }
        }
        return found
    }

    /// Of labels that were withdrawn and did not come again.
    package func withdrawnLabels(tenant: Tenant) async throws -> Set<ContentAddress> {
        Set(try await pool.run(CorrectionStatements.withdrawnLabels(.text(tenant))).map { try $0.value("labels") })
    }

    // MARK: Data sets

    /// A correction that a data set is made with.
    package struct Used: Sendable {
        package let job: JobID
        package let study: StudyID
        package let volume: ArtifactReference
        /// In the role of a ground truth.
        package let labels: ArtifactReference
        package let isHeldOut: Bool
    }

    /// Settles which corrections a new data set is made with: of each CT the newest of what the model segmented.
    package func use(model: String, base: String, dataSet: String, tenant: Tenant) async throws {
        _ = try await pool.run(Self.useQuery(model: model, base: base, dataSet: dataSet, tenant: tenant))
    }

    private static func useQuery(model: String, base: String, dataSet: String, tenant: Tenant) -> Query {
        CorrectionStatements.use(.text(tenant), .text(base), .text(dataSet), .text(model))
    }

    package func used(dataSet: String, tenant: Tenant) async throws -> [Used] {
        try await pool.run(CorrectionStatements.used(.text(tenant), .text(dataSet))).map {
            Used(
                job: try $0.id("job"), study: try $0.id("study"),
                volume: ArtifactReference(
                    role: ArtifactKind.volume.role, address: try $0.value("volume"),
                    byteCount: try $0.integer("volume_byte_count"), mediaType: try $0.string("volume_media_type")),
                labels: try $0.artifactReference(), isHeldOut: try $0.boolean("is_held_out"))
        }
    }

    /// Takes cases over into another data set as they are, splits too.
    package func copy(_ names: [String], from base: String, to dataSet: String, tenant: Tenant) async throws {
        _ = try await pool.run(
            CorrectionStatements.copyCases(.text(tenant), .text(base), .text(dataSet), .texts(names)))
    }

    // MARK: Policies

    package func set(_ policy: CorrectionPolicy, actor: String) async throws {
        _ = try await pool.run([
            CorrectionStatements.setPolicy(
                .text(policy.tenant), .text(policy.model), .text(policy.dataSet), .text(policy.split),
                .integer(policy.afterCorrections), .json(policy.recipeJSON), .text(actor),
                .boolean(policy.forAllTenants), .json(try policy.judges.map(CanonicalJSON.string))),
            OperatorStatements.audit(
                .text(actor), .text("correction-policy-set"), .uuid(nil), .text("\(policy.tenant)/\(policy.model)")),
        ])
    }

    /// False: there was none.
    package func removePolicy(model: String, tenant: Tenant, actor: String) async throws -> Bool {
        let removal = CorrectionStatements.removePolicy(.text(tenant), .text(model))
        return try await pool.transaction(first: [removal]) { transaction, rows in
            guard !rows[0].isEmpty else { return false }
            _ = try await transaction.run(
                OperatorStatements.audit(
                    .text(actor), .text("correction-policy-removed"), .uuid(nil), .text("\(tenant)/\(model)")))
            return true
        }
    }

    /// By tenant and model; nil: all tenants'.
    package func policies(tenant: Tenant?) async throws -> [CorrectionPolicy] {
        try await pool.run(CorrectionStatements.policies(.text(tenant))).map { try $0.correctionPolicy() }
    }

    /// CTs with corrections that no round has counted, but for those that the policy's data set holds out.
    package func pending(_ policy: CorrectionPolicy) async throws -> Int {
        try await pool.run(Self.pendingQuery(policy))[0].integer("pending")
    }

    private static func pendingQuery(_ policy: CorrectionPolicy) -> Query {
        CorrectionStatements.pending(.text(policy.tenant), .text(policy.dataSet), .text(policy.model))
    }

    /// How many tenants beside this one have studies that the model segmented, or is to.
    package func tenants(of model: String, beside tenant: Tenant) async throws -> Int {
        try await pool.run(CorrectionStatements.otherTenants(.text(tenant), .text(model)))[0].integer("tenants")
    }

    // MARK: Rounds

    /// The round that a job began.
    package func round(of job: JobID) async throws -> CorrectionRound? {
        try await pool.run(CorrectionStatements.roundOfJob(.uuid(job))).first?.correctionRound()
    }

    /// What there was to do for a job that asked whether a round is due.
    package enum Consideration: Sendable, Equatable {
        case noPolicy
        case waits(pending: Int, wanted: Int)
        case begins(CorrectionRound)
    }

    /// Begins a round if the policy's number is reached, and settles which corrections it counts and its data set is made
    /// with: all in one transaction under the policy's lock, so that of several who ask at once one begins it. The job
    /// that did gets the same round whenever it asks again.
    package func consider(
        model: String, tenant: Tenant, beginsWith version: ModelReference, job: JobID
    ) async throws -> Consideration {
        let lock = CorrectionStatements.lockPolicy(.text(tenant), .text(model))
        return try await pool.transaction(first: [lock]) { transaction, rows in
            let own = try await transaction.run(CorrectionStatements.roundOfJob(.uuid(job)))
            if let row = own.first { return .begins(try row.correctionRound()) }
            guard let policy = try rows[0].first?.correctionPolicy() else { return .noPolicy }
            let pending = try await transaction.run(Self.pendingQuery(policy))[0].integer("pending")
            guard pending >= policy.afterCorrections else {
                return .waits(pending: pending, wanted: policy.afterCorrections)
            }
            let opened = try await transaction.run(
                CorrectionStatements.openRound(.text(tenant), .text(model), .text(version), .uuid(job)))
            let round = try opened[0].correctionRound()
            _ = try await transaction.run(
                CorrectionStatements.countMembers(.text(tenant), .text(model), .integer(round.number)))
            _ = try await transaction.run(
                Self.useQuery(model: model, base: round.base, dataSet: round.dataSet, tenant: tenant))
            return .begins(round)
        }
    }

    /// Lets what a round has counted count again, if one of the corrections that it learns from was withdrawn since.
    ///
    /// - Returns: whether one was.
    package func giveUpIfWithdrawn(_ round: CorrectionRound) async throws -> Bool {
        let tainted = CorrectionStatements.isTainted(.text(round.tenant), .text(round.dataSet))
        guard try await pool.run(tainted)[0].boolean("is_tainted") else { return false }
        _ = try await pool.run(
            CorrectionStatements.releaseMembers(.text(round.tenant), .text(round.model), .integer(round.number)))
        return true
    }

    package func round(_ number: Int, model: String, tenant: Tenant) async throws -> CorrectionRound? {
        try await pool.run(CorrectionStatements.round(.text(tenant), .text(model), .integer(number))).first?
            .correctionRound()
    }

    /// Newest first; nil: all.
    package func rounds(tenant: Tenant?, model: String?) async throws -> [CorrectionRoundStatus] {
        try await pool.run(CorrectionStatements.rounds(.text(tenant), .text(model))).map {
            CorrectionRoundStatus(
                tenant: try $0.value("tenant"), model: try $0.string("model"), number: try $0.integer("round"),
                beginsWith: try $0.value("begins_with"), dataSet: try $0.string("data_set"),
                newCorrections: try $0.integer("new_corrections"), training: try $0.optionalID("training"),
                candidate: try $0.optionalValue("candidate"), state: try $0.string("state"),
                heldAgainst: try $0.optionalValue("held_against"), pairs: try $0.optionalInteger("pairs"),
                meanDifference: try $0.optionalDouble("mean_difference"), p: try $0.optionalDouble("p"),
                openedAt: try $0.date("opened_at"))
        }
    }
}

extension PostgresRow {
    fileprivate func correctionPolicy() throws -> CorrectionPolicy {
        CorrectionPolicy(
            tenant: try value("tenant"), model: try string("model"), dataSet: try string("data_set"),
            split: try string("split"), afterCorrections: try integer("after_corrections"),
            recipeJSON: try string("recipe"), forAllTenants: try boolean("for_all_tenants"), judges: try judges())
    }

    private func judges() throws -> JudgingCases? {
        try optionalString("judges").map { try CanonicalJSON.decode(JudgingCases.self, from: $0) }
    }

    fileprivate func correctionRound() throws -> CorrectionRound {
        CorrectionRound(
            tenant: try value("tenant"), model: try string("model"), number: try integer("round"),
            dataSet: try string("data_set"), base: try string("base"), split: try string("split"),
            beginsWith: try value("begins_with"), recipeJSON: try string("recipe"),
            forAllTenants: try boolean("for_all_tenants"), judges: try judges())
    }

    fileprivate func correction() throws -> Correction {
        func list(_ column: String) throws -> [String] {
            (try optionalString(column) ?? "").split(separator: ",").map(String.init)
        }
        var accepted: AcceptedCorrection?
        var labels: ArtifactReference?
        if try optionalDate("accepted_at") != nil {
            let artifact = try artifactReference()
            labels = artifact
            accepted = AcceptedCorrection(
                volume: try value("volume"), labels: artifact.address, parent: try value("parent"),
                parentModel: try optionalValue("parent_model"), voxels: try integer("voxels"),
                changedVoxels: try integer("changed_voxels"),
                changedClasses: try list("changed_classes").compactMap(Int.init))
        }
        return Correction(
            job: try id("job"), tenant: try value("tenant"), study: try id("study"),
            author: try optionalString("author"), submittedAt: try date("submitted_at"), state: try value("state"),
            accepted: accepted, labels: labels, dataSets: try list("data_sets"), heldOutOf: try list("held_out_of"),
            withdrawnAt: try optionalDate("withdrawn_at"))
    }
}
