/// Holm's step-down correction for many tests (1979).
package enum Holm {
    /// The adjusted p-values, in the order given: the smallest of m times m, the next times m − 1 and so on, none below
    /// an earlier one and none above 1. Entries that are nil or not a number are no tests: they stay nil and do not
    /// count.
    package static func adjusted(_ p: [Double?]) -> [Double?] {
        let tests = p.indices.compactMap { index in p[index].flatMap { $0.isNaN ? nil : (index: index, p: $0) } }
        var adjusted = [Double?](repeating: nil, count: p.count)
        var floor = 0.0
        for (step, test) in tests.sorted(by: { $0.p < $1.p }).enumerated() {
            floor = max(floor, min(1, Double(tests.count - step) * test.p))
            adjusted[test.index] = floor
        }
        return adjusted
    }
}
