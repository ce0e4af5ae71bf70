import Volumes

/// The vertebrae that are there, from the head down, and which way is up along them.
struct Spine {
    let vertebrae: [VertebraSummary]
    /// The direction in which the centroids spread most, a unit vector towards the head.
    let axis: SIMD3<Double>

    /// - Parameter vertebrae: by label value, which is their anatomical order.
    init(_ vertebrae: [VertebraSummary]) {
        self.vertebrae = vertebrae
        axis = Self.axis(of: vertebrae.map(\.centroid))
    }

    /// By how many millimetres the first of neighbours `pair` and `pair + 1` lies above the second: below zero if they
    /// violate the order. Of a strongly curved spine the axis of the whole tells little of the parts, so the direction
    /// from the vertebra before to the one after counts as well, and the larger of both distances is taken.
    func rise(ofPair pair: Int) -> Double {
        let (upper, lower) = (vertebrae[pair].centroid, vertebrae[pair + 1].centroid)
        let step = upper - lower
        let overall = step.dot(axis)
        let middle = (upper + lower) / 2
        let before = pair > 0 ? vertebrae[pair - 1].centroid : middle
        let after = pair + 2 < vertebrae.count ? vertebrae[pair + 2].centroid : middle
        let local = before - after
        let length = local.length
        return length > 0 ? max(overall, step.dot(local) / length) : overall
    }

    /// Neighbours `pair` and `pair + 1` whose order is violated.
    func violations(_ thresholds: PlausibilityThresholds) -> [Int] {
        vertebrae.indices.dropLast().filter { pair in
            let isCut = vertebrae[pair].isCut || vertebrae[pair + 1].isCut
            return rise(ofPair: pair) <= (isCut ? -thresholds.orderToleranceOfCutInMillimetres : 0)
        }
    }

    /// Whether every vertebra lies above the one before it: the label map is upside down.
    var isReversed: Bool {
        vertebrae.count > 2
            && vertebrae.indices.dropLast().allSatisfy {
                (vertebrae[$0].centroid - vertebrae[$0 + 1].centroid).dot(axis) < 0
            }
    }

    private static func axis(of points: [SIMD3<Double>]) -> SIMD3<Double> {
        let up = SIMD3<Double>(0, 0, 1)
        guard points.count > 1 else { return up }
        let mean = points.reduce(.zero, +) / Double(points.count)
        // Power iteration on the covariance. Spines are much longer than wide, so few steps would do.
        var axis = SIMD3<Double>(0.1, 0.1, 1)
        for _ in 0..<64 {
            let next = points.reduce(SIMD3<Double>.zero) { $0 + ($1 - mean) * ($1 - mean).dot(axis) }
            let length = next.length
            guard length > 0 else { return up }
            axis = next / length
        }
        guard abs(axis.z) < 0.3 else { return axis.z > 0 ? axis : -axis }
        // Hardly any head-foot direction in it, so the file's axes cannot be what they say: most of the vertebrae tell
        // which end is up.
        let votes = zip(points, points.dropFirst()).reduce(0) { $0 + (($1.0 - $1.1).dot(axis) > 0 ? 1 : -1) }
        return votes >= 0 ? axis : -axis
    }
}
