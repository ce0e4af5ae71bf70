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
            first: [CatalogStatements.promoteModel(.text(name), .integer(version))]
        ) { transaction, rows in
            guard !rows[0].isEmpty else { return false }
            _ = try await transaction.run(
                OperatorStatements.audit(.text(actor), .text("model-promoted"), .uuid(nil), .text("\(name)@\(version)"))
            )
            return true
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
                caseCount: try $0.integer("case_count"))
        }
    }

    package func study(_ id: StudyID) async throws -> Study? {
        try await pool.run(StudyStatements.study(.uuid(id))).first?.study()
    }

    package func epochs(of job: JobID) async throws -> [EpochMetrics] {
        try await pool.run(CatalogStatements.epochs(.uuid(job.uuid))).map {
            EpochMetrics(
                epoch: try $0.integer("epoch"), trainingLoss: try $0.double("training_loss"),
                validationDice: try $0.optionalDouble("validation_dice"), learningRate: try $0.double("learning_rate"),
                seconds: try $0.double("seconds"))
        }
    }
}
