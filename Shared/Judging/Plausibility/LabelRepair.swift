package import Anatomy
import Foundation
package import Threads
package import Volumes

/// Mends of a label map what leaves no doubt, and says what it did: pieces that belong to the neighbour they adjoin,
/// crumbs beside a vertebra, two neighbours that stand in each other's place. Whatever is ambiguous stays. Pure and
/// deterministic.
package struct LabelRepair: Sendable {
    package let labels: Volume<UInt8>
    /// In the order they were taken; empty if nothing was mended.
    package let steps: [RepairStep]

    /// Values outside the set are left alone. Blocks; keep it off Swift's cooperative threads. - Precondition: at most
    /// 2³¹ voxels.
    package init(
        _ labels: Volume<UInt8>, labelSet: LabelSet, limits: RepairLimits = RepairLimits(),
        thresholds: PlausibilityThresholds = PlausibilityThresholds(),
        pool: ComputePool = .shared
    ) {
        var components = ComponentMap(labels, pool: pool)
        let fragments = FragmentRepair(components, labelSet: labelSet, limits: limits)
        if !fragments.steps.isEmpty { components = ComponentMap(fragments.repaired, pool: pool) }
        let swaps = OrderRepair(components, labelSet: labelSet, thresholds: thresholds)
        self.labels = swaps.repaired
        steps = fragments.steps + swaps.steps
    }
}

/// Removes or hands on components that are not the largest of their label.
private struct FragmentRepair {
    private enum Fate: Equatable {
        case stays
        case removed
        case given(UInt8)
    }

    private let map: ComponentMap
    private let limits: RepairLimits
    /// By place in `map.components`.
    private var fates: [Fate]
    /// Whether the components that are not listed are removed, by label.
    private var removesUnlisted: [Bool]
    private(set) var steps: [RepairStep] = []

    init(_ map: ComponentMap, labelSet: LabelSet, limits: RepairLimits) {
        self.map = map
        self.limits = limits
        fates = [Fate](repeating: .stays, count: map.components.count)
        removesUnlisted = [Bool](repeating: false, count: 256)
        guard labelSet.labels.contains(where: { (map[$0.value]?.count ?? 0) > 1 }) else { return }
        let contacts = FragmentContacts(map)
        for label in labelSet.labels { decide(label, labelSet, contacts) }
    }

    private mutating func decide(_ label: Label, _ labelSet: LabelSet, _ contacts: FragmentContacts) {
        guard let found = map[label.value], found.count > 1 else { return }
        let largest = map.components[found.listed.lowerBound]
        let size = map.labels.geometry.size
        var given: [UInt8: (voxels: Int, count: Int)] = [:]
        var small: [Int] = []
        for place in found.listed.dropFirst() {
            let one = map.components[place]
            // Outside the field of view they may be one.
            if largest.touchesEdge(of: size), one.touchesEdge(of: size) { continue }
            if let owner = owner(of: place, largest, labelSet, contacts) {
                fates[place] = .given(owner)
                given[owner, default: (0, 0)].voxels += one.voxels
                given[owner, default: (0, 0)].count += 1
            } else if Double(one.voxels) <= limits.removableShare * Double(largest.voxels) {
                small.append(place)
            }
        }
        for (owner, sum) in given.sorted(by: { $0.key < $1.key }) {
            let name = labelSet.name(of: owner) ?? ""
            steps.append(
                RepairStep(
                    kind: .fragmentsRelabelled, labels: [label.value, owner], voxels: sum.voxels,
                    sentence:
                        "\(pieces(sum.count)) of \(label.name) with \(sum.voxels) voxels went to \(name), which \(sum.count == 1 ? "it adjoins" : "they adjoin")"
                ))
        }
        remove(small, of: label, found, largest)
    }

    private mutating func remove(_ small: [Int], of label: Label, _ found: LabelComponents, _ largest: Component) {
        let listed = found.listed.map { map.components[$0].voxels }.reduce(0, +)
        // None of them is larger than the smallest that is listed.
        let bound = map.components[found.listed.upperBound - 1].voxels
        let unlisted = found.count - found.listed.count
        let isDust = unlisted > 0 && Double(bound) <= limits.removableShare * Double(largest.voxels)
        let voxels = small.map { map.components[$0].voxels }.reduce(0, +) + (isDust ? found.voxels - listed : 0)
        guard voxels > 0, Double(voxels) <= limits.removableInAll * Double(found.voxels) else { return }
        for place in small { fates[place] = .removed }
        removesUnlisted[Int(label.value)] = isDust
        let count = small.count + (isDust ? unlisted : 0)
        steps.append(
            RepairStep(
                kind: .fragmentsRemoved, labels: [label.value], voxels: voxels,
                sentence:
                    "\(pieces(count)) of \(label.name) with \(voxels) voxels \(count == 1 ? "was" : "were") removed, \(largest.voxels) are left in the largest"
            ))
    }

    /// The neighbouring level whose largest component a piece belongs to; nil where that is not clear.
    private func owner(of place: Int, _ largest: Component, _ labelSet: LabelSet, _ contacts: FragmentContacts)
        -> UInt8?
    {
        let one = map.components[place]
        guard Double(one.voxels) <= limits.adoptableShare * Double(largest.voxels) else { return nil }
        let largest = contacts.faces[place].filter { other, _ in
            other >= 0 && map[map.components[other].label]?.listed.lowerBound == other
        }
        guard let (other, faces) = largest.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { return nil }
        let label = map.components[other].label
        let all = contacts.faces[place].values.reduce(0, +)
        guard abs(Int(label) - Int(one.label)) == 1, labelSet.label(of: label) != nil,
            let neighbour = map.largest(of: label),
            neighbour.voxels > one.voxels, Double(faces) >= limits.contactWithNeighbour * Double(all),
            Double(faces) >= limits.contactOfSurface * Double(contacts.surface[place])
        else { return nil }
        return label
    }

    private func pieces(_ count: Int) -> String { count == 1 ? "a piece" : "\(count) pieces" }

    var repaired: Volume<UInt8> {
        var result = map.labels
        let size = result.geometry.size
        map.forEachPlane { k, plane, _ in
            for j in 0..<size[1] {
                for run in plane.runs(ofRow: j) {
                    guard let value = value(of: plane, run) else { continue }
                    let row = result.offset(0, j, k)
                    for place in row + Int(plane.starts[run])..<row + Int(plane.ends[run]) {
                        result.voxels[place] = value
                    }
                }
            }
        }
        return result
    }

    /// What a run becomes; nil: it stays.
    private func value(of plane: PlaneRuns, _ run: Int) -> UInt8? {
        guard let place = map.place(ofRun: plane.base + run) else {
            return removesUnlisted[Int(plane.labels[run])] ? 0 : nil
        }
        return switch fates[place] {
        case .stays: nil
        case .removed: 0
        case .given(let owner): owner
        }
    }
}

/// Swaps neighbours that violate the order, if that makes the whole order a spine's.
private struct OrderRepair {
    private let labels: Volume<UInt8>
    private var table = (0...255).map { UInt8($0) }
    private(set) var steps: [RepairStep] = []

    init(_ map: ComponentMap, labelSet: LabelSet, thresholds: PlausibilityThresholds) {
        labels = map.labels
        let vertebrae = labelSet.labels.compactMap { map.summary(of: $0, meanEntropy: nil) }
        // Two alone may as well lie in a volume that is upside down.
        let spine = Spine(vertebrae)
        guard vertebrae.count > 2, !spine.isReversed else { return }
        let pairs = spine.violations(thresholds)
        // Adjacent levels, wholly in view, each in one pair only, and all in order afterwards: anything else has
        // several explanations.
        let areNeighbours = pairs.allSatisfy { pair in
            vertebrae[pair + 1].label.value == vertebrae[pair].label.value + 1 && !vertebrae[pair].isCut
                && !vertebrae[pair + 1].isCut
                && !pairs.contains(pair + 1)
        }
        var swapped = vertebrae
        for pair in pairs {
            swapped[pair] = vertebrae[pair].moved(to: vertebrae[pair + 1].centroid)
            swapped[pair + 1] = vertebrae[pair + 1].moved(to: vertebrae[pair].centroid)
        }
        guard areNeighbours, Spine(swapped).violations(thresholds).isEmpty else { return }
        for pair in pairs {
            let (upper, lower) = (vertebrae[pair], vertebrae[pair + 1])
            (table[Int(upper.label.value)], table[Int(lower.label.value)]) = (lower.label.value, upper.label.value)
            steps.append(
                RepairStep(
                    kind: .neighboursSwapped, labels: [upper.label.value, lower.label.value],
                    voxels: upper.voxels + lower.voxels,
                    sentence:
                        "\(upper.label.name) and \(lower.label.name) were swapped: the lower label lay above the upper one"
                ))
        }
    }

    var repaired: Volume<UInt8> { steps.isEmpty ? labels : labels.relabelled(by: table) }
}

extension VertebraSummary {
    fileprivate func moved(to centroid: SIMD3<Double>) -> VertebraSummary {
        VertebraSummary(
            label: label, voxels: voxels, volumeInMillilitres: volumeInMillilitres, centroid: centroid,
            componentCount: componentCount,
            largestShare: largestShare, isCut: isCut, meanEntropy: meanEntropy)
    }
}
