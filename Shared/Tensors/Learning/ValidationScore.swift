/// Dice over the validation cases.
struct ValidationScore {
    private var cases: [DiceScore] = []

    mutating func add(_ score: DiceScore) { cases.append(score) }

    /// Mean over cases of the mean over the classes in a case's truth; nil if no case has a class.
    var mean: Double? {
        Self.mean(cases.compactMap { Self.mean($0.byClass.sorted { $0.key < $1.key }.map(\.value)) })
    }

    var byClass: [Int: Double] {
        var result: [Int: Double] = [:]
        for label in 1..<256 { result[label] = Self.mean(cases.compactMap { $0[label] }) }
        return result
    }

    private static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}
