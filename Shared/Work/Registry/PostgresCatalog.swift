import Documents
package import JobEngine
package import Persistence
package import Studies

/// Models, data sets, studies and metrics in PostgreSQL.
package final class PostgresCatalog: Catalog {
    let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    package func modelVersion(name: String, version: Int?) async throws -> ModelVersion? {
        try await pool.run(CatalogStatements.modelVersion(.text(name), .integer(version))).first?.modelVersion()
    }

    package func modelVersions() async throws -> [ModelVersion] {
        try await pool.run(CatalogStatements.modelVersions()).map { try $0.modelVersion() }
    }

    package func promoteModel(name: String, version: Int, actor: String) async throws -> Bool {
        try await pool.transaction(
            first: [CatalogStatements.promoteModel(.text(name), .integer(version), .text(actor))]
        ) { transaction, rows in
            guard !rows[0].isEmpty else { return false }
            _ = try await transaction.run(
                OperatorStatements.audit(.text(actor), .text("model-promoted"), .uuid(nil), .text("\(name)@\(version)"))
            )
            return true
        }
    }

    package func record(_ gate: PromotionGate, actor: String, job: JobID?, round: CorrectionRound?) async throws
        -> ModelReference?
    {
        let (name, candidate) = (gate.candidate.name, gate.candidate.version)
        return try await pool.transaction(first: [CatalogStatements.lockModel(.text(name))]) { transaction, rows in
            let present = try rows[0].first?.optionalInteger("promoted").map { ModelReference(name: name, version: $0) }
            // Decided before, by an attempt whose end was not written.
            if let job, let former = try await transaction.run(CatalogStatements.gateOfJob(.uuid(job))).first {
                // What was not promoted then is not now, though the version it was measured beside may stand again.
                return try former.boolean("is_passed") ? gate.standing : present == gate.standing ? nil : present
            }
            let passes = gate.isPassed && present == gate.standing
            let isTainted = passes ? try await isTainted(round, transaction) : false
            let promotes = passes && !isTainted
            _ = try await transaction.run(
                CatalogStatements.recordGate(
                    .text(name), .integer(candidate), .integer(gate.standing.version), .uuid(gate.comparison),
                    .text(gate.dataSet), .text(gate.split), .integer(gate.pairs), .double(gate.meanDifference),
                    .double(gate.p), .double(PromotionGate.significance), .boolean(promotes), .text(actor),
                    .uuid(job)))
            _ = try await transaction.run(
                OperatorStatements.audit(
                    .text(actor), .text(promotes ? "model-promoted" : "model-not-promoted"), .uuid(nil),
                    .text(gate.candidate.rawValue)))
            if promotes {
                _ = try await transaction.run(
                    CatalogStatements.promoteModel(.text(name), .integer(candidate), .text(actor)))
            }
            return passes && !promotes ? nil : present
        }
    }

    /// Whether a round learns from a correction that was withdrawn. Until the transaction ends none is.
    private func isTainted(_ round: CorrectionRound?, _ transaction: PostgresTransaction) async throws -> Bool {
        guard let round else { return false }
        _ = try await transaction.run(CorrectionStatements.holdUsed(.text(round.tenant), .text(round.dataSet)))
        return try await transaction.run(CorrectionStatements.isTainted(.text(round.tenant), .text(round.dataSet)))[0]
            .boolean("is_tainted")
    }

    package func gates(of model: String?) async throws -> [DecidedGate] {
        try await pool.run(CatalogStatements.gates(.text(model))).map {
            let name = try $0.string("name")
            return DecidedGate(
                gate: PromotionGate(
                    candidate: ModelReference(name: name, version: try $0.integer("candidate")),
                    standing: ModelReference(name: name, version: try $0.integer("standing")),
                    comparison: try $0.id("comparison"), dataSet: try $0.string("data_set"),
                    split: try $0.string("split"), pairs: try $0.integer("pairs"),
                    meanDifference: try $0.optionalDouble("mean_difference"), p: try $0.optionalDouble("p")),
                isPromoted: try $0.boolean("is_passed"), actor: try $0.string("actor"),
                decidedAt: try $0.date("decided_at"), job: try $0.optionalID("job"))
        }
    }

    package func volumes(of images: [ContentAddress]) async throws -> Set<ContentAddress> {
        Set(
            try await pool.run(CorrectionStatements.volumesOfImages(.texts(images))).map {
                try $0.value("address")
            })
    }

    package func rollBackModel(name: String, actor: String) async throws -> (withdrawn: Int, standing: Int)? {
        try await pool.transaction(first: [CatalogStatements.lockModel(.text(name))]) { transaction, _ in
            guard let row = try await transaction.run(CatalogStatements.rollBackModel(.text(name))).first else {
                return nil
            }
            let (withdrawn, standing) = (try row.integer("withdrawn"), try row.integer("standing"))
            _ = try await transaction.run(
                OperatorStatements.audit(
                    .text(actor), .text("model-rolled-back"), .uuid(nil), .text("\(name)@\(withdrawn)")))
            return (withdrawn, standing)
        }
    }

    package func registerModel(_ draft: ModelVersionDraft, actor: String) async throws -> Int {
        let weights = draft.weights
        let registration = try CanonicalJSON.string(ModelRegistration(draft: draft, event: .imported))
        let rows = try await pool.run([
            CatalogStatements.recordArtifact(
                .text(weights.address), .integer(weights.byteCount), .text(weights.mediaType)),
            CatalogStatements.registerModel(.uuid(nil), .text(registration)),
            OperatorStatements.audit(.text(actor), .text("model-imported"), .uuid(nil), .text(draft.name)),
        ])
        return try rows[1][0].integer("version")
    }

    package func cases(dataSet: String, tenant: Tenant, split: String?) async throws -> [DataSetCase] {
        try await pool.run(CatalogStatements.cases(.text(dataSet), .text(tenant), .text(split))).map {
            try $0.dataSetCase()
        }
    }

    package func dataSets(tenant: Tenant?) async throws -> [DataSetSummary] {
        try await pool.run(CatalogStatements.dataSets(.text(tenant))).map {
            DataSetSummary(
                name: try $0.string("data_set"), tenant: try $0.value("tenant"),
                caseCount: try $0.integer("case_count"), absentCount: try $0.integer("absent_count"))
        }
    }

    package func study(_ id: StudyID) async throws -> Study? {
        try await pool.run(StudyStatements.study(.uuid(id))).first?.study()
    }

    package func epochs(of job: JobID) async throws -> [EpochMetrics] {
        try await pool.run(CatalogStatements.epochs(.uuids([job.uuid]))).map { try $0.epochMetrics() }
    }

    package func epochTallies(of jobs: [JobID]) async throws -> [JobID: EpochTally] {
        let rows = try await pool.run(CatalogStatements.epochTallies(.uuids(jobs.map(\.uuid))))
        return Dictionary(
            uniqueKeysWithValues: try rows.map {
                (
                    try $0.id("job"),
                    EpochTally(
                        epoch: try $0.integer("epoch"), trainingLoss: try $0.double("training_loss"),
                        bestDice: try $0.optionalDouble("best_dice"), bestEpoch: try $0.optionalInteger("best_epoch"),
                        secondsPerEpoch: try $0.double("seconds_per_epoch"))
                )
            })
    }

    package func remarks(of job: JobID) async throws -> [NotedRemark] {
        try await pool.run(CatalogStatements.remarks(.uuid(job.uuid))).map {
            NotedRemark(
                TrainingRemark(code: try $0.string("code"), remark: try $0.string("remark")),
                notedAt: try $0.date("remarked_at"))
        }
    }

    package func newestTrainings(of model: String) async throws -> [(tenant: Tenant, job: JobID)] {
        try await pool.run(CatalogStatements.newestTrainings(.text(model))).map {
            (try $0.value("tenant"), try $0.id("job"))
        }
    }

    package func models(of job: JobID) async throws -> [ModelVersion] {
        try await pool.run(CatalogStatements.modelsOfJob(.uuid(job.uuid))).map { try $0.modelVersion() }
    }
}
