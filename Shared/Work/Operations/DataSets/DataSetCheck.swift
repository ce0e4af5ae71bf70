import Anatomy
package import Documents
import Faults
package import JobEngine
package import Studies

/// Whether a data set can be learned from: what is missing of it, and whose labels cannot be a spine.
package struct DataSetCheck: Documented {
    package struct Case: Sendable {
        package let name: String
        package let check: LabelCheck

        package var flags: [LabelCheck.Finding] { check.findings.filter { $0.severity == .review } }
    }

    package let name: String
    package let tenant: Tenant
    package let caseCount: Int
    package let progress: DataSetProgress
    /// By name; without cases that were imported before labels were checked.
    package let cases: [Case]
    package let unchecked: [String]

    /// - Throws: `OperationError` (`missing`) where there are no cases and none were ordered.
    package init(_ name: String, tenant: Tenant, in system: SystemConnection) async throws {
        let detail = try await DataSetDetail(name, tenant: tenant, in: system)
        let checks = try await system.catalog.checks(dataSet: name, tenant: tenant)
        self.name = name
        self.tenant = tenant
        progress = detail.progress
        caseCount = detail.cases.count
        cases = detail.cases.compactMap { one in checks[one.name].map { Case(name: one.name, check: $0) } }
        unchecked = detail.cases.map(\.name).filter { checks[$0] == nil }
    }

    /// Those that somebody should look at.
    package var flagged: [Case] { cases.filter(\.check.needsReview) }

    /// Whether somebody should look, at a case or at why one is missing.
    package var needsReview: Bool { !flagged.isEmpty || !progress.missing.isEmpty }

    /// Of each class of the label set how many cases have it, and how many of them all of it.
    package var classes: [(name: String, cases: Int, whole: Int)] {
        LabelSet.spine25.labels.map { label in
            let rows = cases.compactMap { one in one.check.classes.first { $0.value == Int(label.value) } }
            return (label.name, rows.count, rows.count { !$0.isCut })
        }
    }

    package var document: JSONValue {
        let classes = classes.map { one in
            (
                key: one.name,
                value: ["cases": JSONValue(one.cases), "whole": JSONValue(one.whole)] as JSONValue
            )
        }
        let list: [JSONValue] = cases.map { one in
            [
                "name": JSONValue(one.name), "needs_review": JSONValue(one.check.needsReview),
                "findings": JSONValue(one.check.findings.map(\.document)),
                "decisions": JSONValue(one.check.decisions.map { JSONValue($0) }),
            ]
        }
        return [
            "name": JSONValue(name), "tenant": JSONValue(tenant), "needs_review": JSONValue(needsReview),
            "case_count": JSONValue(caseCount), "flagged": JSONValue(flagged.map { JSONValue($0.name) }),
            "unchecked": JSONValue(unchecked.map { JSONValue($0) }), "orders": progress.document,
            "classes": .object(classes), "cases": JSONValue(list),
        ]
    }
}
