import Faults
package import JobEngine
package import Studies

extension SystemConnection {
    /// - Parameter tenant: nil: all tenants'.
    package func dataSets(tenant: Tenant?) async throws -> [DataSetSummary] {
        try await catalog.dataSets(tenant: tenant)
    }

    /// The network-ready cases of a data set, by name.
    ///
    /// - Throws: `OperationError` (`missing`) where there are none.
    package func cases(of dataSet: String, tenant: Tenant) async throws -> [DataSetCase] {
        let cases = try await catalog.cases(dataSet: dataSet, tenant: tenant, split: nil)
        guard !cases.isEmpty else { throw try await noCases(dataSet, tenant) }
        return cases
    }

    /// Takes cases out of a data set; what was ordered with them before goes on. Nil for `names`: all.
    ///
    /// - Returns: how many there were.
    /// - Throws: `OperationError` (`missing`) where the data set has no cases and none were ordered, (`badInput`) where it
    ///   has not all that were named.
    package func deleteCases(_ names: [String]?, of dataSet: String, tenant: Tenant) async throws -> Int {
        if names != nil { try await requireOpen(dataSet, tenant: tenant) }
        let known = try await DataSetDetail(dataSet, tenant: tenant, in: self)
        let there = Set(known.cases.map(\.name)).union(known.progress.imports.map(\.name))
        let strangers = Set(names ?? []).subtracting(there).sorted()
        guard strangers.isEmpty else {
            throw OperationError(
                .badInput,
                "data set '\(dataSet)' has no case \(strangers.joined(separator: ", ")); see `columna dataset show \(dataSet)`"
            )
        }
        return try await catalog.removeCases(names, dataSet: dataSet, tenant: tenant, actor: actor)
    }

    /// That a tenant has no cases of a data set, and what to do. Operators see all tenants.
    func noCases(_ dataSet: String, _ tenant: Tenant) async throws -> OperationError {
        let others = try await catalog.dataSets(tenant: nil).filter { $0.name == dataSet && $0.tenant != tenant }.map(
            \.tenant)
        let remedy =
            switch others.count {
            case 0: "see `columna dataset list`"
            case 1: "tenant \(others[0]) has one of that name, say --tenant \(others[0])"
            default:
                "tenants \(others.map(\.rawValue).joined(separator: ", ")) have one of that name, say --tenant with whose is meant"
            }
        return OperationError(.missing, "data set '\(dataSet)' of tenant \(tenant) has no cases: \(remedy)")
    }
}
