package import Documents
package import JobEngine
package import Studies

/// The network-ready cases of a data set, and how many more were ordered.
package struct DataSetDetail: Documented {
    /// The cases of a split, or all of them, by the name of their bytes.
    package struct Part: Sendable, Documented {
        package let split: String
        package let caseCount: Int
        /// As a training that is ordered now would have them; `Sequence<DataSetCase>.digest`.
        package let digest: String

        init(_ split: String, _ cases: [DataSetCase]) throws {
            (self.split, caseCount, digest) = (split, cases.count, try cases.digest())
        }

        package var document: JSONValue {
            ["split": JSONValue(split), "case_count": JSONValue(caseCount), "digest": JSONValue(digest)]
        }
    }

    package let name: String
    package let tenant: Tenant
    package let cases: [DataSetCase]
    package let whole: Part
    /// By name.
    package let splits: [Part]
    package let folds: [DataSetFold]
    package let progress: DataSetProgress
    private let system: SystemConnection

    /// - Throws: `OperationError` (`missing`) where there are none and none were ordered.
    package init(_ name: String, tenant: Tenant, in system: SystemConnection) async throws {
        self.name = name
        self.tenant = tenant
        self.system = system
        progress = DataSetProgress(try await system.catalog.imports(dataSet: name, tenant: tenant))
        cases =
            progress.imports.isEmpty
            ? try await system.cases(of: name, tenant: tenant)
            : try await system.catalog.cases(dataSet: name, tenant: tenant, split: nil)
        whole = try Part("all", cases)
        splits = try Dictionary(grouping: cases) { $0.split ?? "" }.sorted { $0.key < $1.key }.map {
            try Part($0.key, $0.value)
        }
        folds = try await system.catalog.folds(dataSet: name, tenant: tenant)
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
        return [
            "name": JSONValue(name), "tenant": JSONValue(tenant), "digest": JSONValue(whole.digest),
            "cases": JSONValue(list), "splits": JSONValue(splits.map(\.document)),
            "folds": JSONValue(folds.map(\.document)), "orders": progress.document,
        ]
    }
}

extension DataSetSummary: Documented {
    package var document: JSONValue {
        [
            "name": JSONValue(name), "tenant": JSONValue(tenant), "case_count": JSONValue(caseCount),
            "absent_count": JSONValue(absentCount),
        ]
    }
}
