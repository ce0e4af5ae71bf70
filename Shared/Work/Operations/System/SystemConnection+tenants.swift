package import Documents
import Faults
package import JobEngine
import Registry

/// How many jobs of a tenant may run at a time in each stage.
package struct TenantLimit: Documented {
    package let tenant: Tenant
    package let runningLimit: Int

    package var document: JSONValue { ["name": JSONValue(tenant), "running_limit": JSONValue(runningLimit)] }
}

extension SystemConnection {
    /// Of tenants that have one, by name.
    package func tenantLimits() async throws -> [TenantLimit] {
        try await Lookup(pool: pool).runningLimits().map { TenantLimit(tenant: $0.tenant, runningLimit: $0.limit) }
    }

    /// - Parameter limit: from 0; nil lifts it.
    /// - Throws: `OperationError` (`usage`) for what is no tenant's name, and no limit.
    package func limit(tenant: Tenant, to limit: Int?) async throws {
        guard limit ?? 0 >= 0 else { throw OperationError(.usage, "limit must be a number from 0, got \(limit ?? 0)") }
        guard tenant.rawValue.wholeMatch(of: /[a-z0-9-]{1,63}/) != nil else {
            throw OperationError(.usage, "a tenant is named by up to 63 of a-z, 0-9 and '-', got '\(tenant)'")
        }
        try await store.setRunningLimit(limit, tenant: tenant, actor: actor)
    }
}
