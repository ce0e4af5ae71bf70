import Anatomy
import CohortAnalysis
import Metrics
import Statistics

extension MetricComparison {
    /// Of the mean difference over pairs, which stands beside it; nil where the pairs give none.
    var interval: Interval? {
        paired?.differenceInterval.flatMap { $0.lower.isFinite && $0.upper.isFinite ? $0 : nil }
    }

    func className(_ labelSet: LabelSet) -> String {
        label.map { labelSet.name(of: $0) ?? "label \($0)" } ?? "all classes"
    }

    /// The p-value a reader should go by: paired, and adjusted where there are many classes.
    var decidingP: Double? { pairedHolm ?? paired?.p }

    /// `better` where A is, `worse` where B is, at p < 0.05 (adjusted), else `even`.
    var direction: String {
        guard !metric.isSigned, let p = decidingP, p < 0.05, let difference = meanDifference, difference != 0 else {
            return "even"
        }
        return (difference > 0) == metric.isBetterWhenHigher ? "better" : "worse"
    }

    /// On the scale of colours: 10 where A is better by an effect of 0.8 or more, 0 where B is, 5 where they are even.
    var step: Int? {
        guard !metric.isSigned, let effect = effectSize, effect.isFinite else { return nil }
        let towardsA = metric.isBetterWhenHigher ? effect : -effect
        return ColourScale.step(share: 0.5 + towardsA / 1.6)
    }
}
