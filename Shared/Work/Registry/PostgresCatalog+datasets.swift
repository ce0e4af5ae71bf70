package import JobEngine
import Persistence
package import Studies

extension PostgresCatalog {
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
