/// How one vertebra may follow another down the spine, and what speaks against it.
package struct LevelStep: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Neighbours, as most people have them.
        case regular
        /// So many levels between them were not segmented.
        case missed(Int)
        /// The first vertebra that most people do not have.
        case additional(SpineLevel)
        /// The patient has no such vertebra.
        case lacking(SpineLevel)
    }

    package let kind: Kind
    /// Of the centres, of a patient of middling size.
    package let gapInMillimetres: Double
    /// What the gap varies by from patient to patient of one size.
    package let deviationInMillimetres: Double
    /// In nats.
    package let cost: Double

    /// All ways by which `lower` may come next below `upper`.
    package static func between(_ upper: SpineLevel, _ lower: SpineLevel, _ weights: NamingWeights) -> [LevelStep] {
        guard lower > upper else { return [] }
        var steps: [LevelStep] = []
        if !lower.isRegular {
            // T13 follows T12, and L6 L5: that the one above is there is what tells that this is one more.
            guard lower.position == upper.position + 1 else { return [] }
            return [
                step(
                    .additional(lower), upper.gapToAdditionalInMillimetres, 1, lower, weights,
                    weights.additional[lower] ?? 0)
            ]
        }
        let missed = SpineLevel.all.filter { $0 > upper && $0 < lower && $0.isRegular }
        if missed.count <= weights.mostMissed {
            let gap = missed.reduce(upper.gapBelowInMillimetres) { $0 + $1.gapBelowInMillimetres }
            steps.append(
                step(
                    missed.isEmpty ? .regular : .missed(missed.count), gap, missed.count + 1, lower, weights,
                    weights.missed * Double(missed.count)))
        }
        if missed.count == 1, let one = missed.first, let cost = weights.lacking[one] {
            let gap =
                lower == .sacrum
                ? one.gapBelowInMillimetres : (upper.gapBelowInMillimetres + one.gapBelowInMillimetres) / 2
            steps.append(step(.lacking(one), gap, 1, lower, weights, cost))
        }
        return steps
    }

    private static func step(
        _ kind: Kind, _ gap: Double, _ count: Int, _ lower: SpineLevel, _ weights: NamingWeights, _ cost: Double
    ) -> LevelStep {
        let deviation =
            lower == .sacrum
            ? weights.sacrumDeviationInMillimetres
            : max(lower == .c2 ? 3 : 1.5, weights.gapDeviation * gap / Double(count)) * Double(count).squareRoot()
        return LevelStep(kind: kind, gapInMillimetres: gap, deviationInMillimetres: deviation, cost: cost)
    }
}
