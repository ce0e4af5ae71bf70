package import JobEngine
import Persistence
package import Studies

extension PostgresCatalog {
    package func measurements(of jobs: [JobID]) async throws -> [MeasuredCase] {
        try await pool.run(MeasurementStatements.measurements(.uuids(jobs.map(\.uuid)))).map {
            try $0.measuredCase()
        }
    }

    package func snapshot(dataSet: String, tenant: Tenant) async throws -> DataSetSnapshot {
        let cases = try await pool.run(EvaluationStatements.sourceCases(.text(dataSet), .text(tenant))).map {
            try $0.sourceCase()
        }
        let lines = cases.map { "\($0.name) \($0.split) \($0.volume.address) \($0.truth.address)" }
        let digest = try await pool.run(EvaluationStatements.digest(.texts(lines)))[0].string("digest")
        return DataSetSnapshot(tenant: tenant, dataSet: dataSet, digest: digest, cases: cases)
    }

    package func assign(
        _ names: [String]?, to split: String, dataSet: String, tenant: Tenant, actor: String
    ) async throws -> Int {
        let rows = try await pool.run([
            EvaluationStatements.assign(
                .text(split), .text(dataSet), .text(tenant), names.map { .texts($0) } ?? .noTexts),
            OperatorStatements.audit(.text(actor), .text("cases-assigned"), .uuid(nil), .text("\(dataSet)/\(split)")),
        ])
        return rows[0].count
    }

    package func evaluation(_ id: EvaluationID) async throws -> Evaluation? {
        guard let row = try await pool.run(EvaluationStatements.evaluation(.uuid(id))).first else { return nil }
        let cases = try await pool.run(EvaluationStatements.evaluationCases(.uuid(id))).map {
            Evaluation.Case(
                name: try $0.string("case_name"), segmentation: try $0.id("segmentation"),
                measurement: try $0.id("measurement"),
                volume: try $0.value("volume"), truth: try $0.value("truth"))
        }
        return Evaluation(
            id: id, identity: try row.evaluationIdentity(), cases: cases,
            summaryJob: try row.optionalID("summary_job"),
            orderedAt: try row.date("ordered_at"))
    }

    package func register(_ evaluation: Evaluation, of snapshot: DataSetSnapshot, actor: String) async throws {
        let (identity, cases) = (evaluation.identity, snapshot.cases)
        // Ordered again, it is the same evaluation, and the audit has it.
        let isNew = try await self.evaluation(evaluation.id) == nil
        let owner = [PostgresValue.text(snapshot.tenant), .text(snapshot.dataSet), .text(snapshot.digest)]
        var queries = [
            EvaluationStatements.recordSnapshot(owner[0], owner[1], owner[2]),
            EvaluationStatements.recordSnapshotCases(
                owner[0], owner[1], owner[2], .texts(cases.map(\.name)), .texts(cases.map(\.split)),
                .texts(cases.map(\.volume.address)), .texts(cases.map(\.truth.address))),
            EvaluationStatements.recordEvaluation(
                .uuid(evaluation.id), .text(identity.tenant), .text(identity.dataSet), .text(identity.snapshot),
                .text(identity.split),
                .text(identity.modelName), .integer(identity.modelVersion), .text(identity.codeVersion),
                .text(identity.optionsJSON),
                .boolean(identity.repairs), .uuid(evaluation.summaryJob?.uuid)),
            EvaluationStatements.recordEvaluationCases(
                .uuid(evaluation.id), .texts(evaluation.cases.map(\.name)),
                .uuids(evaluation.cases.map(\.segmentation.uuid)),
                .uuids(evaluation.cases.map(\.measurement.uuid))),
        ]
        if isNew {
            let subject = PostgresValue.text(evaluation.id.description)
            queries.append(
                OperatorStatements.audit(.text(actor), .text("evaluation-ordered"), .uuid(nil), subject))
        }
        _ = try await pool.run(queries)
    }

    package func runs(of evaluation: EvaluationID?, limit: Int) async throws -> [EvaluationRun] {
        try await pool.run(EvaluationStatements.runs(.uuid(evaluation), .integer(limit))).map { try $0.evaluationRun() }
    }

    package func register(comparison: ComparisonID, a: EvaluationID, b: EvaluationID, job: JobID?) async throws {
        _ = try await pool.run(
            EvaluationStatements.recordComparisonOrder(.uuid(comparison), .uuid(a), .uuid(b), .uuid(job?.uuid)))
    }
}
