import Foundation

/// Slices of one grid in the order of their positions along the slice normal, and how those positions deviate from a regular grid.
/// Instance numbers are not looked at.
struct SlicePositions: Sendable {
    /// Slices closer than this count as one position twice.
    private static let smallestStepInMillimetres = 0.01
    /// Positions are often written with one decimal: such a stack deviates by up to 0.1 mm from a regular one.
    static let largestDeviationInMillimetres = 0.1
    /// Below, the shear stays in the affine; above, the volume is resampled.
    private static let largestTiltInDegrees = 0.5

    let slices: [PlacedSlice]
    /// Along the normal from the first slice.
    let depths: [Double]
    /// Between neighbours.
    let steps: [Double]
    let normal: SIMD3<Double>

    var reference: PlacedSlice { slices[0] }

    /// - Throws: `DICOMError`: `duplicateSlice`, `missingAttribute`, `inconsistentGeometry`.
    init(_ stack: [PlacedSlice]) throws(DICOMError) {
        guard let any = stack.first else { throw DICOMError(.noImages, "series has no slices") }
        let normal = any.normal
        let sorted = stack.map { (slice: $0, depth: ($0.position * normal).sum()) }.sorted { $0.depth < $1.depth }
        slices = sorted.map(\.slice)
        depths = sorted.map { $0.depth - sorted[0].depth }
        steps = zip(sorted.dropFirst(), sorted).map { $0.depth - $1.depth }
        self.normal = normal
        if let index = steps.firstIndex(where: { $0 < SlicePositions.smallestStepInMillimetres }) {
            throw DICOMError(
                .duplicateSlice,
                "two different slices lie at the same position, \(millimetres(sorted[index].depth)) along the slice normal: "
                    + "send one phase or reconstruction as a series of its own", path: any.header.path)
        }
        try checkLine()
    }

    /// The vector from the first slice to the last.
    private var span: SIMD3<Double> { slices[slices.count - 1].position - slices[0].position }

    /// Sideways millimetres per millimetre of depth.
    var shear: SIMD3<Double> {
        guard let depth = depths.last, depth > 0 else { return .zero }
        return (span - normal * depth) / depth
    }

    var tiltInDegrees: Double { atan(shear.length) * 180 / .pi }
    var isTilted: Bool { slices.count > 1 && tiltInDegrees > SlicePositions.largestTiltInDegrees }

    /// From one slice to the next, where the steps are even. A single slice is as thick as it says.
    func evenStep() throws(DICOMError) -> SIMD3<Double> {
        guard slices.count > 1 else {
            let header = reference.header
            guard let thickness = header.spacingBetweenSlices ?? header.sliceThickness, (1e-3...1e4).contains(thickness) else {
                throw DICOMError(.missingAttribute, "single slice has no SliceThickness (0018,0050): it is no volume", path: header.path)
            }
            return normal * thickness
        }
        return span / Double(slices.count - 1)
    }

    /// Whether the slices lie where a regular grid has its planes.
    var isEven: Bool {
        guard slices.count > 2 else { return true }
        let mean = depths[depths.count - 1] / Double(slices.count - 1)
        let tolerance = min(SlicePositions.largestDeviationInMillimetres, 0.1 * mean) + 1e-3
        return depths.enumerated().allSatisfy { abs($0.element - mean * Double($0.offset)) <= tolerance }
    }

    /// A slice beside the line through the others is of another volume, or the table moved sideways.
    private func checkLine() throws(DICOMError) {
        for (slice, depth) in zip(slices, depths) {
            let deviation = (slice.position - slices[0].position - (normal + shear) * depth).length
            guard deviation <= 2 * SlicePositions.largestDeviationInMillimetres else {
                throw DICOMError(
                    .inconsistentGeometry,
                    "slice at \(millimetres((slice.position * normal).sum())) lies \(millimetres(deviation)) beside the line through the others",
                    path: slice.header.path)
            }
        }
    }

    func millimetres(_ value: Double) -> String { "\(rounded(value)) mm" }

    func rounded(_ value: Double) -> Double { abs(value) < 1e12 ? (value * 100).rounded() / 100 : value }
}
