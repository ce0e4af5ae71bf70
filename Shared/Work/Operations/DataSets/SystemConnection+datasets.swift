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
