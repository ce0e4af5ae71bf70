/// What the cases of an evaluation say together: rows of `metric_summaries`, `bad_cases` and `bad_case_reasons` as JSON
/// arrays of objects whose keys are the columns' names (`evaluation` left out).
package struct EvaluationSummary: Sendable, Codable, Equatable {
    package var evaluation: EvaluationID
    package var summariesJSON: String
    package var badCasesJSON: String
    package var reasonsJSON: String

    package init(evaluation: EvaluationID, summariesJSON: String, badCasesJSON: String, reasonsJSON: String) {
        self.evaluation = evaluation
        self.summariesJSON = summariesJSON
        self.badCasesJSON = badCasesJSON
        self.reasonsJSON = reasonsJSON
    }
}

/// Two evaluations set against each other: rows of `metric_comparisons` as a JSON array (`comparison` left out).
package struct EvaluationComparison: Sendable, Codable, Equatable {
    package var comparison: ComparisonID
    package var rowsJSON: String

    package init(comparison: ComparisonID, rowsJSON: String) {
        self.comparison = comparison
        self.rowsJSON = rowsJSON
    }
}
