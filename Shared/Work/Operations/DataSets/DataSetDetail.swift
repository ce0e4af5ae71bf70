package import Documents
package import JobEngine
package import Studies

/// The network-ready cases of a data set.
package struct DataSetDetail: Documented {
    package let name: String
    package let tenant: Tenant
    package let cases: [DataSetCase]
    private let system: SystemConnection

    /// - Throws: `OperationError` (`missing`) where there are none.
    package init(_ name: String, tenant: Tenant, in system: SystemConnection) async throws {
        self.name = name
        self.tenant = tenant
        self.system = system
        cases = try await system.cases(of: name, tenant: tenant)
    }

    package var document: JSONValue {
        let list: [JSONValue] = cases.map {
            [
                "name": JSONValue($0.name), "split": JSONValue($0.split),
                "preprocessing": JSONValue(orText: $0.planDigest),
                "image": StoredArtifact($0.image, in: system).document,
                "label": StoredArtifact($0.label, in: system).document,
            ]
        }
        return ["name": JSONValue(name), "tenant": JSONValue(tenant), "cases": JSONValue(list)]
    }
}

extension DataSetSummary: Documented {
    package var document: JSONValue {
        ["name": JSONValue(name), "tenant": JSONValue(tenant), "case_count": JSONValue(caseCount)]
    }
}
