package import Anatomy
package import CohortAnalysis
package import Documents
import Evaluations
import JobEngine
package import Studies
import Threads

/// Two evaluations set against each other, metric by metric and class by class.
package struct ComparisonResult: Documented {
    package let pair: EvaluationPair
    package let comparison: ComparisonID
    package let rows: [MetricComparison]
    package let labelSet = LabelSet.spine25

    /// Computed anew from what the cases of both say.
    package init(_ pair: EvaluationPair, _ comparison: ComparisonID, in system: SystemConnection) async throws {
        self.pair = pair
        self.comparison = comparison
        let cohorts = (
            try await Cohort.measured(pair.first, in: system.catalog),
            try await Cohort.measured(pair.second, in: system.catalog)
        )
        let labels = labelSet.labels.map(\.value)
        rows = await OwnThread.run { CohortComparison.compare(cohorts.0, cohorts.1, labels: labels) }
    }

    package var document: JSONValue {
        [
            "comparison": JSONValue(comparison), "a": JSONValue(pair.first.id), "b": JSONValue(pair.second.id),
            "model_a": JSONValue(pair.first.model), "model_b": JSONValue(pair.second.model),
            "rows": rows.document(labelSet),
        ]
    }
}
