import Anatomy
import CohortAnalysis
import Documents
import Metrics
import Statistics

// Statistics over cases, with classes by the values and names of a label set; null where undefined.

extension [MetricSummary] {
    func document(_ labelSet: LabelSet) -> JSONValue {
        .array(
            map {
                [
                    "metric": JSONValue($0.metric.rawValue), "class": JSONValue($0.label.map(Int.init)),
                    "class_name": JSONValue($0.label.flatMap { labelSet.name(of: $0) }),
                    "values": $0.description.document,
                ]
            })
    }
}

extension [BadCase] {
    var document: JSONValue {
        .array(
            map { one in
                [
                    "case": JSONValue(one.name), "mean_dice": JSONValue(one.dice),
                    "worst_class": JSONValue(one.worstLabel.map(Int.init)),
                    "reasons": .array(
                        one.reasons.map {
                            [
                                "cause": JSONValue($0.cause.rawValue), "class": JSONValue($0.label.map(Int.init)),
                                "text": JSONValue($0.text),
                            ]
                        }),
                ]
            })
    }
}

extension [MetricComparison] {
    func document(_ labelSet: LabelSet) -> JSONValue {
        .array(
            map {
                [
                    "metric": JSONValue($0.metric.rawValue), "class": JSONValue($0.label.map(Int.init)),
                    "class_name": JSONValue($0.label.flatMap { labelSet.name(of: $0) }), "a": $0.a.document,
                    "b": $0.b.document, "pairs": JSONValue($0.pairs),
                    "mean_difference": JSONValue($0.meanDifference), "effect_size": JSONValue($0.effectSize),
                    "student": $0.student.document, "welch": $0.welch.document, "paired": $0.paired.document,
                    "paired_p_holm": JSONValue($0.pairedHolm),
                    "wilcoxon": $0.wilcoxon.document, "wilcoxon_p_holm": JSONValue($0.wilcoxonHolm),
                ]
            })
    }
}

extension Description? {
    fileprivate var document: JSONValue {
        guard let self else { return nil }
        return [
            "n": JSONValue(self.n), "mean": JSONValue(self.mean),
            "standard_deviation": JSONValue(self.standardDeviation),
            "minimum": JSONValue(self.minimum), "lower_quartile": JSONValue(self.lowerQuartile),
            "median": JSONValue(self.median), "upper_quartile": JSONValue(self.upperQuartile),
            "maximum": JSONValue(self.maximum), "t_interval": self.tInterval.document,
            "bootstrap_interval": self.bootstrapInterval.document,
        ]
    }
}

extension Moments {
    var document: JSONValue {
        ["n": JSONValue(count), "mean": JSONValue(mean), "standard_deviation": JSONValue(standardDeviation)]
    }
}

extension TestResult? {
    var document: JSONValue {
        guard let self else { return nil }
        return [
            "statistic": JSONValue(self.statistic), "degrees_of_freedom": JSONValue(self.degreesOfFreedom),
            "p": JSONValue(self.p), "difference_interval": self.differenceInterval.document,
        ]
    }
}

extension Interval? {
    fileprivate var document: JSONValue {
        map { .array([JSONValue($0.lower), JSONValue($0.upper)]) } ?? nil
    }
}
