package import Anatomy
package import CohortAnalysis
package import Documents
import Evaluations
import Faults
import Metrics
package import Studies
import Threads

/// A model set against figures that a paper gives, or two such models against each other.
package struct PublishedResult: Documented {
    package let a: PublishedTable.Model
    package let b: PublishedTable.Model
    package let rows: [PublishedComparison]
    package let labelSet = LabelSet.spine25
    /// Metrics that one of the two alone has, where nobody named those to compare.
    package let lonelyMetrics: [String]

    /// - Parameter metrics: to compare; nil: what both have.
    /// - Throws: `OperationError` (`badInput`) where the two have no figures in common.
    package init(_ a: PublishedTable.Model, _ b: PublishedTable.Model, metrics: [String]? = nil) throws {
        self.a = a
        self.b = b
        // Our own metrics come first, in the order of every table, then a paper's.
        let known = Metric.allCases.map(\.rawValue)
        let (ofA, ofB) = (Self.metrics(a), Self.metrics(b))
        let either = ofA.union(ofB)
        let all = known.filter(either.contains) + either.subtracting(known).sorted()
        lonelyMetrics = metrics == nil ? all.filter { !ofA.contains($0) || !ofB.contains($0) } : []
        rows = PublishedComparison.compare(a, b, metrics: metrics ?? all, labelSet: labelSet)
        guard !rows.isEmpty else {
            throw OperationError(
                .badInput,
                "\(a.name) and \(b.name) have no class and metric in common\(metrics.map { " of \($0.joined(separator: ", "))" } ?? ""): \(a.name) has \(ofA.sorted().joined(separator: ", ")), \(b.name) has \(ofB.sorted().joined(separator: ", "))"
            )
        }
    }

    private static func metrics(_ model: PublishedTable.Model) -> Set<String> { Set(model.figures.keys.map(\.metric)) }

    package var document: JSONValue {
        [
            "model_a": JSONValue(a.name), "model_b": JSONValue(b.name),
            "rows": .array(
                rows.map {
                    [
                        "metric": JSONValue($0.metric), "class": JSONValue(Int($0.label)),
                        "class_name": JSONValue(labelSet.name(of: $0.label)), "a": $0.a.document, "b": $0.b.document,
                        "student": $0.student.document, "student_p_holm": JSONValue($0.studentHolm),
                        "welch": $0.welch.document, "welch_p_holm": JSONValue($0.welchHolm),
                    ]
                }),
        ]
    }
}

extension PublishedTable.Model {
    /// What a paper would print of an evaluation, as far as it is measured.
    package init(_ evaluation: Evaluation, in system: SystemConnection) async throws {
        let cohort = try await Cohort.measured(evaluation, in: system.catalog)
        let labels = LabelSet.spine25.labels.map(\.value)
        let summaries = await OwnThread.run { cohort.summaries(labels: labels, bootstrap: nil) }
        self.init(name: evaluation.model.rawValue, summaries: summaries)
    }
}
