package import JobEngine
import Persistence
package import Studies

extension PostgresCatalog {
    package func imports(dataSet: String, tenant: Tenant) async throws -> [CaseImport] {
        try await pool.run(DataSetStatements.imports(.text(tenant), .text(dataSet))).map {
            CaseImport(
                name: try $0.string("case_name"), study: try $0.optionalID("study"),
                sourceDigest: try $0.string("source_digest"), state: try $0.value("state"),
                reason: try $0.optionalString("reason"))
        }
    }

    package func record(refused: [CaseImport], dataSet: String, tenant: Tenant) async throws {
        _ = try await pool.run(
            DataSetStatements.recordRefusals(
                .text(tenant), .text(dataSet), .texts(refused.map(\.name)), .texts(refused.map { $0.reason ?? "" }),
                .texts(refused.map(\.sourceDigest)),
                .texts(refused.filter { $0.state == .knownBroken }.map(\.name))))
    }

    package func removeCases(_ names: [String]?, dataSet: String, tenant: Tenant, actor: String) async throws -> Int {
        let owner = (PostgresValue.text(tenant), PostgresValue.text(dataSet))
        let chosen = names.map { PostgresValue.texts($0) } ?? .noTexts
        let rows = try await pool.run([
            DataSetStatements.removeCases(owner.0, owner.1, chosen),
            DataSetStatements.removeImports(owner.0, owner.1, chosen),
            DataSetStatements.removeFoldsOfNone(owner.0, owner.1),
            OperatorStatements.audit(.text(actor), .text("cases-removed"), .uuid(nil), .text(dataSet)),
        ])
        return rows[0].count
    }

    package func checks(dataSet: String, tenant: Tenant) async throws -> [String: LabelCheck] {
        let owner = (PostgresValue.text(tenant), PostgresValue.text(dataSet))
        let rows = try await pool.run([
            DataSetStatements.checks(owner.0, owner.1), DataSetStatements.checkedClasses(owner.0, owner.1),
            DataSetStatements.checkedFindings(owner.0, owner.1),
        ])
        var checks: [String: LabelCheck] = [:]
        for row in rows[0] {
            let empty = LabelCheck(study: try row.id("study"), decisions: [], classes: [], findings: [])
            let decision = try row.optionalString("sentence").map { [$0] } ?? []
            checks[try row.string("name"), default: empty].decisions += decision
        }
        for row in rows[1] {
            checks[try row.string("name")]?.classes.append(
                LabelCheck.ClassRow(
                    value: try row.integer("class_value"), name: try row.string("class_name"),
                    voxels: try row.integer("voxels"), volumeInMillilitres: try row.double("volume_ml"),
                    componentCount: try row.integer("component_count"), isCut: try row.boolean("is_cut")))
        }
        for row in rows[2] { checks[try row.string("name")]?.findings.append(try row.segmentationFinding()) }
        return checks
    }

    package func folds(dataSet: String, tenant: Tenant) async throws -> [DataSetFold] {
        let rows = try await pool.run(DataSetStatements.folds(.text(tenant), .text(dataSet)))
        return try rows.reduce(into: []) { folds, row in
            let number = try row.integer("fold")
            if folds.last?.number != number { folds.append(DataSetFold(number: number, training: [], validation: [])) }
            let name = try row.string("case_name")
            if try row.boolean("is_validation") {
                folds[folds.count - 1].validation.append(name)
            } else {
                folds[folds.count - 1].training.append(name)
            }
        }
    }

    package func record(_ folds: [DataSetFold], of dataSet: String, tenant: Tenant, actor: String) async throws {
        let rows = folds.flatMap { fold in
            fold.training.map { (fold.number, $0, false) } + fold.validation.map { (fold.number, $0, true) }
        }
        _ = try await pool.run([
            DataSetStatements.deleteFolds(.text(tenant), .text(dataSet)),
            DataSetStatements.recordFolds(
                .text(tenant), .text(dataSet), .integers(rows.map { Int64($0.0) }), .texts(rows.map(\.1)),
                .booleans(rows.map(\.2))),
            OperatorStatements.audit(
                .text(actor), .text("folds-made"), .uuid(nil), .text("\(dataSet)/\(folds.count) folds")),
        ])
    }
}
