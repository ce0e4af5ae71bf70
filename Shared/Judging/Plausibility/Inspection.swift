import Anatomy
import Foundation

/// Looks for all kinds of findings.
struct Inspection {
    let components: ComponentMap
    let labelSet: LabelSet
    let vertebrae: [VertebraSummary]
    let thresholds: PlausibilityThresholds
    /// Without labels that are at two places: nobody knows which of them counts.
    let spine: Spine
    private let duplicates: [Finding]

    init(components: ComponentMap, labelSet: LabelSet, vertebrae: [VertebraSummary], thresholds: PlausibilityThresholds)
    {
        self.components = components
        self.labelSet = labelSet
        self.vertebrae = vertebrae
        self.thresholds = thresholds
        let axis = Spine(vertebrae).axis
        duplicates = vertebrae.compactMap { Self.duplicate($0, components, axis, thresholds) }
        let doubled = Set(duplicates.flatMap(\.labels))
        spine = Spine(vertebrae.filter { !doubled.contains($0.label.value) })
    }

    var findings: [Finding] {
        guard !vertebrae.isEmpty else {
            return unknownValues + [Finding(.nothingFound, .review, [], "no vertebra was found")]
        }
        return unknownValues + order + missingLevels + spacings + duplicates + volumes + vertebrae.compactMap(pieces)
            + uncertainty + vertebrae.compactMap(cut)
    }

    private var unknownValues: [Finding] {
        (1...255).filter { components.byLabel[$0] != nil && labelSet.label(of: UInt8($0)) == nil }.map { value in
            Finding(
                .valueUnknown, .review, [UInt8(value)],
                "\(components.byLabel[value]?.voxels ?? 0) voxels have the value \(value), which \(labelSet.name) does not have"
            )
        }
    }

    private var order: [Finding] {
        if spine.isReversed {
            return [
                Finding(
                    .orderViolated, .review, spine.vertebrae.map(\.label.value),
                    "all \(spine.vertebrae.count) vertebrae lie in reverse order: each above the one that comes before it"
                )
            ]
        }
        return spine.violations(thresholds).map { pair in
            let (upper, lower) = (spine.vertebrae[pair].label, spine.vertebrae[pair + 1].label)
            return Finding(
                .orderViolated, .review, [upper.value, lower.value],
                "\(lower.name) lies \(text(abs(spine.rise(ofPair: pair)))) mm above \(upper.name), expected below")
        }
    }

    private var missingLevels: [Finding] {
        zip(vertebrae, vertebrae.dropFirst()).compactMap { upper, lower in
            let missing = Array((upper.label.value + 1)..<lower.label.value)
            guard let first = missing.first, let last = missing.last else { return nil }
            let names = [first, last].map { labelSet.name(of: $0) ?? "" }
            return Finding(
                .levelMissing, .review, missing,
                "\(missing.count == 1 ? "\(names[0]) is" : "\(names[0]) to \(names[1]) are") missing between \(upper.label.name) and "
                    + "\(lower.label.name), which are \(text(upper.distance(to: lower))) mm apart")
        }
    }

    /// Neighbouring levels that are wholly in view and in their place.
    private var spacings: [Finding] {
        let isReversed = spine.isReversed
        let misplaced = Set(spine.violations(thresholds).flatMap { [$0, $0 + 1] })
        let pairs = spine.vertebrae.indices.dropLast().filter { pair in
            spine.vertebrae[pair + 1].label.value == spine.vertebrae[pair].label.value + 1
                && [pair, pair + 1].allSatisfy {
                    spine.vertebrae[$0].isMeasurable && (isReversed || !misplaced.contains($0))
                }
        }.map { (upper: spine.vertebrae[$0], lower: spine.vertebrae[$0 + 1]) }
        let distances = pairs.map { (place: Int($0.upper.label.value), value: $0.upper.distance(to: $0.lower)) }
        return pairs.indices.compactMap { index in
            guard let usual = usual(around: index, of: distances) else { return nil }
            let distance = distances[index].value
            guard !thresholds.spacingRatio.contains(distance / usual) else { return nil }
            let (upper, lower) = (pairs[index].upper.label, pairs[index].lower.label)
            return Finding(
                .spacingImplausible, .review, [upper.value, lower.value],
                "\(upper.name) and \(lower.name) are \(text(distance)) mm apart, \(ratio(distance / usual)) times the \(text(usual)) mm of the pairs around"
            )
        }
    }

    private var volumes: [Finding] {
        let measurable = vertebrae.filter(\.isMeasurable)
        let values = measurable.map { (place: Int($0.label.value), value: $0.volumeInMillilitres) }
        return measurable.indices.compactMap { index in
            let (one, volume) = (measurable[index].label, values[index].value)
            guard thresholds.volumeInMillilitres.contains(volume) else {
                return Finding(
                    .volumeImplausible, .review, [one.value],
                    "\(one.name) has \(text(volume)) ml, expected \(text(thresholds.volumeInMillilitres.lowerBound)) to "
                        + "\(text(thresholds.volumeInMillilitres.upperBound))")
            }
            guard let usual = usual(around: index, of: values), !thresholds.volumeRatio.contains(volume / usual) else {
                return nil
            }
            return Finding(
                .volumeImplausible, .review, [one.value],
                "\(one.name) has \(text(volume)) ml, \(ratio(volume / usual)) times the \(text(usual)) ml of the vertebrae around"
            )
        }
    }

    /// The median of the (up to) four values nearest to that at `index`; nil if there are not two others to compare
    /// with.
    private func usual(around index: Int, of values: [(place: Int, value: Double)]) -> Double? {
        let place = values[index].place
        let others = values.indices.filter { $0 != index }.sorted {
            (abs(values[$0].place - place), $0) < (abs(values[$1].place - place), $1)
        }
        guard others.count >= 2 else { return nil }
        let nearest = others.prefix(4).map { values[$0].value }.sorted()
        return (nearest[(nearest.count - 1) / 2] * nearest[nearest.count / 2]).squareRoot()
    }

    /// One for all of them: a network that does not know a patient knows few of the vertebrae.
    private var uncertainty: [Finding] {
        let unsure = vertebrae.filter { ($0.meanEntropy ?? 0) > thresholds.highestMeanEntropy }
        guard !unsure.isEmpty else { return [] }
        let names = unsure.map { "\($0.label.name) (\(ratio($0.meanEntropy ?? 0)))" }.joined(separator: ", ")
        return [
            Finding(
                .uncertain, .review, unsure.map(\.label.value),
                "the network was unsure of \(names): mean entropy expected at most \(ratio(thresholds.highestMeanEntropy))"
            )
        ]
    }

    private func cut(_ one: VertebraSummary) -> Finding? {
        guard one.isCut else { return nil }
        return Finding(
            .cutByFieldOfView, .information, [one.label.value],
            "\(one.label.name) reaches the edge of the field of view")
    }

    func text(_ value: Double) -> String { String(format: "%.1f", value) }
    func ratio(_ value: Double) -> String { String(format: "%.2f", value) }
}
