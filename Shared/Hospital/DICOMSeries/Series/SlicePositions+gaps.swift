import Volumes

/// Where whole slices are missing.
struct SliceGaps: Sendable {
    /// The step of the slices that are there.
    var step: Double
    var missing: Int
    /// Depths of the first gap's two ends, along the slice normal in the patient's coordinates.
    var first: (from: Double, to: Double)
}

extension SlicePositions {
    /// Steps that are all whole multiples of the usual one, where most are single: a regular stack from which slices
    /// were lost.
    ///
    /// Not taken for lost: a run of three or more equally wide steps, and steps between slices that are as thick as the
    /// steps are wide. Those are protocols with several spacings, such as thin slices of the posterior fossa below
    /// thick ones of the brain.
    var gaps: SliceGaps? {
        guard steps.count > 1, let smallest = steps.min() else { return nil }
        let single = steps.filter { $0 < 1.5 * smallest }
        let step = single.reduce(0, +) / Double(single.count)
        let multiples = steps.map { ($0 / step).rounded() }
        let tolerance = max(0.1 * step, min(2 * SlicePositions.largestDeviationInMillimetres, 0.25 * step))
        let areWhole = zip(steps, multiples).allSatisfy { abs($0 - $1 * step) <= tolerance && $1 >= 1 }
        let wide = multiples.indices.filter { multiples[$0] > 1 }
        guard areWhole, let gap = wide.first, 2 * single.count >= steps.count, !isWideByDesign(wide, multiples) else {
            return nil
        }
        let start = reference.position.dot(normal)
        return SliceGaps(
            step: step, missing: wide.map { Int(multiples[$0]) - 1 }.reduce(0, +),
            first: (start + depths[gap], start + depths[gap + 1]))
    }

    private func isWideByDesign(_ wide: [Int], _ multiples: [Double]) -> Bool {
        let isThick = wide.allSatisfy { index in
            [index, index + 1].allSatisfy { (slices[$0].header.sliceThickness ?? 0) > 0.75 * steps[index] }
        }
        let isRun = wide.contains { index in
            multiples[index...].prefix { $0 == multiples[index] }.count >= 3
        }
        return isThick || isRun
    }
}
