package import CohortAnalysis

/// One model's results in a report.
package struct EvaluatedModel: Sendable {
    /// A line of provenance: data set snapshot, split, code version, empty-class policy …
    package struct Fact: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// For instance `spine@3`.
    package var name: String
    package var facts: [Fact]
    package var cohort: Cohort
    package var summaries: [MetricSummary]
    /// The worst first.
    package var badCases: [BadCase]

    package init(name: String, facts: [Fact], cohort: Cohort, summaries: [MetricSummary], badCases: [BadCase]) {
        self.name = name
        self.facts = facts
        self.cohort = cohort
        self.summaries = summaries
        self.badCases = badCases
    }
}
