package import Metrics

extension EvaluatedCase {
    /// The value of a metric for a class of the case; nil where there is none.
    package func value(of metric: Metric, label: UInt8) -> Double? {
        metrics.classes.first { $0.label == label }?[metric]
    }

    /// The mean of a metric over those of the given classes that are in truth and have a value, in the case's order;
    /// nil without any.
    package func meanOverClasses(of metric: Metric, labels: Set<UInt8>) -> Double? {
        Self.mean(classesInTruth(labels).compactMap { $0[metric] })
    }

    /// The same of two models' results for one case, over the classes that both have a value for: a model that misses
    /// the hardest vertebra does not gain by it.
    static func meansOverClasses(_ a: EvaluatedCase, _ b: EvaluatedCase, of metric: Metric, labels: Set<UInt8>) -> (
        Double, Double
    )? {
        let others = Dictionary(
            b.classesInTruth(labels).map { ($0.label, $0) }, uniquingKeysWith: { first, _ in first })
        let both = a.classesInTruth(labels).compactMap { first -> (Double, Double)? in
            guard let x = first[metric], let y = others[first.label]?[metric] else { return nil }
            return (x, y)
        }
        guard let x = mean(both.map(\.0)), let y = mean(both.map(\.1)) else { return nil }
        return (x, y)
    }

    private func classesInTruth(_ labels: Set<UInt8>) -> [ClassMetrics] {
        metrics.classes.filter { $0.inTruth && labels.contains($0.label) }
    }

    private static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}
