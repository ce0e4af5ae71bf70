package import Anatomy
import Metrics

/// The cases to look at first.
package enum BadCases {
    /// The `count` cases with the lowest mean Dice over their classes in truth, the worst first, each with what went
    /// wrong.
    ///
    /// A case without truth stands among those of Dice 0 if something was predicted in it, else behind all others.
    /// Cases that do equally badly come by the weight of their reasons, then by name. A case among the worst may still
    /// be a good one: then it has no reasons. Reasons come from the measurements alone and hold no more than class
    /// names and figures.
    package static func worst(in cohort: Cohort, count: Int, labelSet: LabelSet) -> [BadCase] {
        let ranked = cohort.cases.map { evaluated -> (case: BadCase, key: (Double, Double, String)) in
            let metrics = evaluated.metrics
            let findings = CaseFindings(metrics, labelSet: labelSet).findings
            let dice = metrics.classes.meanDiceOfClassesInTruth
            let bad = BadCase(
                name: evaluated.name, dice: dice, worstLabel: worstLabel(metrics.classes),
                reasons: findings.map(\.reason))
            let isEmptied = !metrics.classes.contains { $0.inPrediction }
            return (bad, (dice ?? (isEmptied ? 2 : 0), -findings.reduce(0) { $0 + $1.weight }, evaluated.name))
        }
        return ranked.sorted { $0.key < $1.key }.prefix(max(0, count)).map(\.case)
    }

    /// Of the classes in truth the one that lost most Dice, slivers at the edge counted by their size, the first of
    /// several; without truth the first that was made up.
    private static func worstLabel(_ classes: [ClassMetrics]) -> UInt8? {
        let inTruth = classes.filter { $0.inTruth && $0.dice != nil }
        func loss(_ entry: ClassMetrics) -> Double { (1 - (entry.dice ?? 0)) * CaseFindings.sizeShare(entry) }
        return (inTruth.min { loss($0) > loss($1) } ?? classes.first { $0.inPrediction })?.label
    }
}
