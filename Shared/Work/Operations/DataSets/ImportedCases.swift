package import Documents
package import JobEngine
package import Studies

/// What became of cases that were to be imported into a data set.
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
    /// Those that were submitted, now or before.
    package let cases: [Case]
    /// By study; empty where nobody waited.
    private let states: [StudyID: StudyState]
    /// Why a case was not imported, for those that were not.
    package let failures: [(name: String, reason: String)]
    private let contents: DataSetContents
    /// How many the data set had before.
    package let arrivedBefore: Int

    /// Just submitted.
    package init(
        _ order: DataSetImport, _ cases: [Case], of contents: DataSetContents = DataSetContents(),
        arrivedBefore: Int = 0
    ) {
        (dataSet, tenant, self.cases) = (order.dataSet, order.tenant, cases)
        (states, failures, self.contents, self.arrivedBefore) = ([:], [], contents, arrivedBefore)
    }

    private init(_ submitted: Self, _ states: [StudyID: StudyState], _ failures: [(name: String, reason: String)]) {
        (dataSet, tenant, cases) = (submitted.dataSet, submitted.tenant, submitted.cases)
        (contents, arrivedBefore) = (submitted.contents, submitted.arrivedBefore)
        (self.states, self.failures) = (states, failures)
    }

    /// With their ends.
    ///
    /// - Parameter states: of all their studies.
    package func ended(_ states: [StudyID: StudyState], in system: SystemConnection) async throws -> Self {
        var failures: [(name: String, reason: String)] = []
        for one in cases where states[one.study] != .succeeded {
            let report = try await StudyReport(one.study, in: system)
            failures.append((one.name, report.failures.last?.failure?.description ?? report.study.state.rawValue))
        }
        return Self(self, states, failures)
    }

    /// Meant as cases, and nothing could be submitted of them.
    package var unreadable: [DataSetContents.LeftOut] { contents.unreadable }
    package var knownBroken: [DataSetContents.LeftOut] { contents.knownBroken }
    /// Whether a case that was meant to be imported was not.
    package var isIncomplete: Bool { !failures.isEmpty || !unreadable.isEmpty }

    package var document: JSONValue {
        let reasons = Dictionary(failures.map { ($0.name, $0.reason) }, uniquingKeysWith: { first, _ in first })
        let list: [JSONValue] = cases.map {
            [
                "name": JSONValue($0.name), "study": JSONValue($0.study),
                "state": JSONValue((states[$0.study] ?? .submitted).rawValue),
                "reason": JSONValue(reasons[$0.name]),
            ]
        }
        func left(_ cases: [DataSetContents.LeftOut]) -> JSONValue {
            JSONValue(cases.map { ["name": JSONValue($0.name), "reason": JSONValue($0.reason)] as JSONValue })
        }
        return [
            "data_set": JSONValue(dataSet), "tenant": JSONValue(tenant), "cases": JSONValue(list),
            "arrived_before": JSONValue(arrivedBefore), "unreadable": left(unreadable),
            "known_broken": left(knownBroken),
        ]
    }
}
