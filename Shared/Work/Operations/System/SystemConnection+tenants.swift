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
        guard (0...Int(Int32.max)).contains(limit ?? 0) else {
            throw OperationError(.usage, "limit must be a whole number from 0 to \(Int32.max), got \(limit ?? 0)")
        }
        guard Tenant(named: tenant.rawValue) != nil else {
            throw OperationError(.usage, "a tenant's name is \(Tenant.rule), got '\(tenant)'")
        }
        try await store.setRunningLimit(limit, tenant: tenant, actor: actor)
    }
}
