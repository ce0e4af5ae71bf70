import Anatomy
import Foundation
import Volumes

extension Inspection {
    /// A second component that is as large and as far away as another vertebra. The edge of the field of view may leave
    /// body and spinous process of one vertebra as two components; a second vertebra lies farther along the spine.
    static func duplicate(
        _ one: VertebraSummary, _ map: ComponentMap, _ axis: SIMD3<Double>, _ thresholds: PlausibilityThresholds
    ) -> Finding? {
        guard one.componentCount > 1, let found = map[one.label.value] else { return nil }
        let geometry = map.labels.geometry
        let largest = map.components[found.listed.lowerBound]
        for second in found.listed.dropFirst().map({ map.components[$0] }) {
            let share = Double(second.voxels) / Double(largest.voxels)
            guard share >= thresholds.duplicateShare else { return nil }
            let step = geometry.affine.applied(to: second.centroid) - one.centroid
            let distance = step.length
            let isCut = one.isCut && second.touchesEdge(of: geometry.size)
            guard (isCut ? abs(step.dot(axis)) : distance) > thresholds.duplicateDistanceInMillimetres else {
                continue
            }
            return Finding(
                .labelDuplicated, .review, [one.label.value],
                String(
                    format: "\(one.label.name) is at two places %.1f mm apart, the second %.2f times as large",
                    distance, share))
        }
        return nil
    }

    /// A label in pieces, where it is not at two places.
    func pieces(_ one: VertebraSummary) -> Finding? {
        guard one.componentCount > 1, let found = components[one.label.value],
            spine.vertebrae.contains(where: { $0.label == one.label })
        else { return nil }
        // What is outside the field of view may hold the pieces of a cut vertebra together.
        let size = components.labels.geometry.size
        let held = found.listed.map { components.components[$0] }.enumerated().filter { place, piece in
            place == 0 || (one.isCut && piece.touchesEdge(of: size))
        }
        let loose = 1 - Double(held.map(\.element.voxels).reduce(0, +)) / Double(found.voxels)
        return Finding(
            .fragmented, loose > thresholds.fragmentShare ? .review : .information, [one.label.value],
            String(
                format: "\(one.label.name) is in \(one.componentCount) pieces, %.1f %% of it outside the largest",
                100 * (1 - one.largestShare)))
    }
}
