import Faults
import Foundation
import Volumes

/// Slices of one grid in the order of their positions along the slice normal, and how those positions deviate from a
/// regular grid. Instance numbers are not looked at.
struct SlicePositions: Sendable {
    /// Slices closer than this count as one position twice.
    static let smallestStepInMillimetres = 0.01
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
        let sorted = stack.map { (slice: $0, depth: $0.position.dot(normal)) }.sorted { $0.depth < $1.depth }
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
        slices.count > 1 ? span / Double(slices.count - 1) : normal * (try singleThickness())
    }

    /// Scanners write a SpacingBetweenSlices of 0 or less where there is no next slice, or where the table moves
    /// backwards.
    private func singleThickness() throws(DICOMError) -> Double {
        let header = reference.header
        guard
            let thickness = [header.spacingBetweenSlices, header.sliceThickness].lazy.compactMap({ $0 }).first(
                where: SlicePositions.isDistance)
        else {
            throw DICOMError(
                .missingAttribute,
                "single slice has neither a SpacingBetweenSlices (0018,0088) nor a SliceThickness (0018,0050) that is a distance: it is no volume",
                path: header.path)
        }
        return thickness
    }

    private static func isDistance(_ millimetres: Double) -> Bool { (1e-3...1e4).contains(millimetres) }

    /// Whether the slices lie where a regular grid has its planes.
    var isEven: Bool {
        guard slices.count > 2 else { return true }
        let mean = depths[depths.count - 1] / Double(slices.count - 1)
        let tolerance = min(SlicePositions.largestDeviationInMillimetres, 0.1 * mean) + 1e-3
        return depths.enumerated().allSatisfy { abs($0.element - mean * Double($0.offset)) <= tolerance }
    }

    /// What was taken for what in placing the slices, one sentence each.
    var assumptions: [String] {
        var sentences: [String] = []
        let header = reference.header
        if slices.count == 1, let between = header.spacingBetweenSlices, !SlicePositions.isDistance(between),
            let thickness = header.sliceThickness
        {
            sentences.append(
                "a single slice whose SpacingBetweenSlices, \(rounded(between)) mm, is no distance: its SliceThickness of \(rounded(thickness)) mm was taken"
            )
        }
        let spacings = Set(slices.map { [$0.rowSpacing, $0.columnSpacing] })
        if spacings.count > 1 {
            let taken = "\(reference.rowSpacing)×\(reference.columnSpacing)"
            sentences.append(
                "the slices state \(spacings.count) pixel spacings that differ by their last digits only: \(taken) mm, that of the first slice, was taken for all"
            )
        }
        let turn =
            slices.map {
                max(
                    ($0.rowDirection - reference.rowDirection).length,
                    ($0.columnDirection - reference.columnDirection).length)
            }.max() ?? 0
        if turn > 1e-6 {
            sentences.append(
                "the slices state orientations that differ by their last digits only: that of the first slice was taken for all"
            )
        }
        return sentences
    }

    /// A slice beside the line through the others is of another volume, or the table moved sideways.
    private func checkLine() throws(DICOMError) {
        for (slice, depth) in zip(slices, depths) {
            let deviation = (slice.position - slices[0].position - (normal + shear) * depth).length
            guard deviation <= 2 * SlicePositions.largestDeviationInMillimetres else {
                throw DICOMError(
                    .inconsistentGeometry,
                    "slice at \(millimetres(slice.position.dot(normal))) lies \(millimetres(deviation)) beside the line through the others",
                    path: slice.header.path)
            }
        }
    }

    func millimetres(_ value: Double) -> String { "\(rounded(value)) mm" }

    func rounded(_ value: Double) -> Double { abs(value) < 1e12 ? (value * 100).rounded() / 100 : value }
}
