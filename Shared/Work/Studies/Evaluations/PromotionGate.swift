package import Foundation
package import JobEngine

/// Whether a version of a model may take the place of the promoted one: both measured on the same held-out cases, with
/// the figures that decided.
package struct PromotionGate: Sendable, Equatable {
    package var candidate: ModelReference
    /// What the model's name meant then.
    package var standing: ModelReference
    /// Candidate minus standing.
    package var comparison: ComparisonID
    package var dataSet: String
    package var split: String
    /// Cases that both have a value for.
    package var pairs: Int
    /// Of the mean Dice over the classes in truth, over the pairs; nil without any.
    package var meanDifference: Double?
    /// Of the paired t-test, two-sided; nil where it is undefined: fewer than two pairs, or differences all the same.
    package var p: Double?

    /// Below it a difference counts as one.
    package static let significance = 0.05

    package init(
        candidate: ModelReference, standing: ModelReference, comparison: ComparisonID, dataSet: String, split: String,
        pairs: Int, meanDifference: Double?, p: Double?
    ) {
        self.candidate = candidate
        self.standing = standing
        self.comparison = comparison
        self.dataSet = dataSet
        self.split = split
        self.pairs = pairs
        self.meanDifference = meanDifference
        self.p = p
    }

    /// Not worse: its mean Dice is not lower, or lower by no more than chance explains. Where the test cannot tell, a
    /// lower one is worse.
    package var isPassed: Bool {
        guard let meanDifference else { return false }
        return meanDifference >= 0 || (p.map { $0 >= Self.significance } ?? false)
    }
}

/// A gate as it is kept.
package struct DecidedGate: Sendable, Equatable {
    package var gate: PromotionGate
    /// Whether the candidate was promoted: a version that passes is not where another was promoted meanwhile.
    package var isPromoted: Bool
    package var actor: String
    package var decidedAt: Date
    /// The job that decided; nil: a person asked.
    package var job: JobID?

    package init(gate: PromotionGate, isPromoted: Bool, actor: String, decidedAt: Date, job: JobID?) {
        self.gate = gate
        self.isPromoted = isPromoted
        self.actor = actor
        self.decidedAt = decidedAt
        self.job = job
    }
}
