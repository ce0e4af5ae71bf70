package import Anatomy
package import Foundation

/// What a report is made of: one or more models over cases, as they were measured and summed up.
///
/// Names of models and cases are shown as they are; they must be pseudonyms.
package struct EvaluationReport: Sendable {
    /// For instance `spine@3 on lumbar, split test`.
    package var title: String
    /// In the order in which they are shown; names should differ.
    package var models: [EvaluatedModel]
    package var labelSet: LabelSet
    /// Shown if given; without it, equal reports give equal bytes.
    package var createdAt: Date?

    package init(title: String, models: [EvaluatedModel], labelSet: LabelSet, createdAt: Date? = nil) {
        self.title = title
        self.models = models
        self.labelSet = labelSet
        self.createdAt = createdAt
    }
}
