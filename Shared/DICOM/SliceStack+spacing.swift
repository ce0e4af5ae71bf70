import Foundation

extension SliceStack {
    /// Slices closer than this count as one position twice.
    private static let smallestStepInMillimetres = 0.01
    /// Positions are often written with one decimal: such a stack deviates by up to 0.1 mm from a regular one.
    private static let largestDeviationInMillimetres = 0.1
    private static let largestTiltInDegrees = 0.5

    /// The vector from one slice to the next.
    ///
    /// Checked in this order: same position twice, a gap of whole slices, tilt, unequal steps, a slice beside the line.
    static func step(
        of sorted: [(slice: PlacedSlice, depth: Double)], reference: PlacedSlice
    ) throws(DICOMError) -> SIMD3<Double> {
        guard sorted.count > 1 else { return try singleStep(reference) }
        let steps = zip(sorted.dropFirst(), sorted).map { $0.depth - $1.depth }
        let path = reference.header.path
        if let index = steps.firstIndex(where: { $0 < smallestStepInMillimetres }) {
            throw DICOMError(
                .duplicateSlice, "two slices lie at the same position, \(millimetres(sorted[index].depth)) along the slice normal", path: path)
        }
        let whole = sorted[sorted.count - 1].slice.position - sorted[0].slice.position
        let mean = whole / Double(sorted.count - 1)
        let median = steps.sorted()[steps.count / 2]
        try checkGaps(steps, median: median, sorted: sorted)
        try checkTilt(mean, steps: steps, reference: reference)
        try checkEvenness(sorted, steps: steps, mean: mean, normal: reference.normal)
        return mean
    }

    /// A single slice is as thick as it says.
    private static func singleStep(_ slice: PlacedSlice) throws(DICOMError) -> SIMD3<Double> {
        guard let thickness = slice.header.spacingBetweenSlices ?? slice.header.sliceThickness, (1e-3...1e4).contains(thickness) else {
            throw DICOMError(.missingAttribute, "single slice has no SliceThickness (0018,0050): it is no volume", path: slice.header.path)
        }
        return slice.normal * thickness
    }

    /// Steps that are all about the median or a multiple of it are a regular stack from which slices were lost.
    private static func checkGaps(
        _ steps: [Double], median: Double, sorted: [(slice: PlacedSlice, depth: Double)]
    ) throws(DICOMError) {
        let multiples = steps.map { ($0 / median).rounded() }
        let areWhole = zip(steps, multiples).allSatisfy { abs($0 / median - $1) <= 0.1 && $1 >= 1 }
        let gaps = multiples.indices.filter { multiples[$0] > 1 }
        guard areWhole, let gap = gaps.first else { return }
        let missing = gaps.map { Int(multiples[$0]) - 1 }.reduce(0, +)
        throw DICOMError(
            .missingSlice,
            "series lacks \(missing) \(missing == 1 ? "slice" : "slices"): gap between \(millimetres(sorted[gap].depth)) and "
                + "\(millimetres(sorted[gap + 1].depth)) along the slice normal, expected a step of \(millimetres(median)); "
                + "send the whole series",
            path: sorted[gap].slice.header.path)
    }

    private static func checkTilt(_ step: SIMD3<Double>, steps: [Double], reference: PlacedSlice) throws(DICOMError) {
        let forward = (step * reference.normal).sum()
        let sideways = (step - reference.normal * forward).length
        let degrees = atan2(sideways, forward) * 180 / .pi
        guard degrees > largestTiltInDegrees else { return }
        let smallest = steps.min() ?? 0
        let largest = steps.max() ?? 0
        let uneven = largest - smallest > 2 * largestDeviationInMillimetres
        throw DICOMError(
            .gantryTilt,
            "gantry was tilted: slices shift sideways by \(millimetres(sideways)) per step, "
                + "\(rounded(degrees))° between step and slice normal, expected at most \(largestTiltInDegrees)°"
                + (uneven ? "; their spacing is also unequal, \(millimetres(smallest)) to \(millimetres(largest))" : "")
                + "; tilted series are not supported yet", path: reference.header.path)
    }

    private static func checkEvenness(
        _ sorted: [(slice: PlacedSlice, depth: Double)], steps: [Double], mean: SIMD3<Double>, normal: SIMD3<Double>
    ) throws(DICOMError) {
        let origin = sorted[0].slice.position
        let tolerance = min(largestDeviationInMillimetres, 0.1 * (mean * normal).sum()) + 1e-3
        for (index, entry) in sorted.enumerated() {
            let deviation = entry.slice.position - (origin + mean * Double(index))
            guard abs((deviation * normal).sum()) <= tolerance else {
                throw DICOMError(
                    .unequalSpacing,
                    "slice spacing is unequal: \(millimetres(steps.min() ?? 0)) to \(millimetres(steps.max() ?? 0)) in one series, "
                        + "expected one step throughout; such series are not supported yet", path: entry.slice.header.path)
            }
            guard deviation.length <= 2 * largestDeviationInMillimetres else {
                throw DICOMError(
                    .inconsistentGeometry,
                    "slice at \(millimetres(entry.depth)) lies \(millimetres(deviation.length)) beside the line through the others",
                    path: entry.slice.header.path)
            }
        }
    }

    private static func millimetres(_ value: Double) -> String { "\(rounded(value)) mm" }

    private static func rounded(_ value: Double) -> Double {
        abs(value) < 1e12 ? (value * 100).rounded() / 100 : value
    }
}
