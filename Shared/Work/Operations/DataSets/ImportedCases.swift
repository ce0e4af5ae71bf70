package import Documents
package import JobEngine
package import Studies

/// What became of cases that were submitted to a data set.
package struct ImportedCases: Documented {
    package struct Case: Sendable {
        package let name: String
        package let study: StudyID

        package init(name: String, study: StudyID) {
            self.name = name
            self.study = study
        }
    }

    package let dataSet: String
    package let tenant: Tenant
    package let cases: [Case]
    /// By study; empty where nobody waited.
    private let states: [StudyID: StudyState]
    /// Why a case was not imported, for those that were not.
    package let failures: [(name: String, reason: String)]

    /// Just submitted.
    package init(_ order: DataSetImport, _ cases: [Case]) {
        (dataSet, tenant, self.cases) = (order.dataSet, order.tenant, cases)
        (states, failures) = ([:], [])
    }

    /// With their ends.
    ///
    /// - Parameter states: of all their studies.
    package init(
        _ order: DataSetImport, _ cases: [Case], states: [StudyID: StudyState], in system: SystemConnection
    ) async throws {
        var failures: [(name: String, reason: String)] = []
        for one in cases where states[one.study] != .succeeded {
            let report = try await StudyReport(one.study, in: system)
            failures.append((one.name, report.failures.last?.failure?.description ?? report.study.state.rawValue))
        }
        (dataSet, tenant, self.cases) = (order.dataSet, order.tenant, cases)
        (self.states, self.failures) = (states, failures)
    }

    package var document: JSONValue {
        let list: [JSONValue] = cases.map {
            [
                "name": JSONValue($0.name), "study": JSONValue($0.study),
                "state": JSONValue((states[$0.study] ?? .submitted).rawValue),
            ]
        }
        return ["data_set": JSONValue(dataSet), "tenant": JSONValue(tenant), "cases": JSONValue(list)]
    }
}
