import Faults
import Foundation
import Volumes

/// How slices that are no regular grid become one.
///
/// The grid's planes are perpendicular to the slice normal; the first lies in the first slice, and none beyond the last
/// one. Within the plane the grid has the slices' pixels, continued by whole pixels so far that every pixel of every
/// slice is inside (a tilted gantry shifts each slice a little further). A voxel is interpolated linearly between the
/// two slices around it and, where those are shifted by parts of a pixel, between their four pixels; where only one of
/// the two slices reaches, its value is taken, and where neither does, the volume is filled (`SliceGrid.fill`).
struct SliceResampling: Sendable {
    /// A plane of the grid: `(1 - weight)` of slice `below` and `weight` of the next.
    struct Plane: Sendable, Hashable {
        var below: Int
        var weight: Double
    }

    /// Between planes, in millimetres.
    let step: Double
    let planes: [Plane]
    /// Columns and rows by which each slice's first pixel lies from the grid's first voxel.
    let shifts: [SIMD2<Double>]
    /// The grid's first voxel in pixels of the first slice.
    let firstPixel: SIMD2<Double>
    let size: [Int]
    let decisions: [String]

    /// Not more planes than this many times the slices, however close two of them lie.
    private static let mostPlanesPerSlice = 8
    private static let largestShift = 4096.0
    /// No gantry tilts further than about 30°; beyond this the positions are wrong.
    private static let largestTiltInDegrees = 60.0
    /// 8 GB of 16 bits: more than any CT, and not what a few files with wild positions may ask for.
    private static let mostVoxels = 1 << 32

    init(_ positions: SlicePositions, gaps: SliceGaps?) throws(DICOMError) {
        let slice = positions.reference
        let offsets = positions.depths.map { depth in
            let sideways = positions.shear * depth
            return SIMD2(
                sideways.dot(slice.rowDirection) / slice.columnSpacing,
                sideways.dot(slice.columnDirection) / slice.rowSpacing)
        }.map { positions.isTilted ? $0 : .zero }
        let low = offsets.reduce(SIMD2.zero) { pointwiseMin($0, $1) }.rounded(.down)
        let high = offsets.reduce(SIMD2.zero) { pointwiseMax($0, $1) }.rounded(.up)
        guard (high - low).max() <= SliceResampling.largestShift else {
            throw DICOMError(
                .inconsistentGeometry, "slices shift sideways by more than \(Int(SliceResampling.largestShift)) pixels")
        }
        guard positions.tiltInDegrees.magnitude <= SliceResampling.largestTiltInDegrees else {
            throw DICOMError(
                .inconsistentGeometry,
                "slices shift sideways by \(Int(positions.tiltInDegrees.magnitude))° from their normal, expected a gantry tilt of at most \(Int(SliceResampling.largestTiltInDegrees))°"
            )
        }
        firstPixel = low
        shifts = offsets.map { $0 - low }
        step = SliceResampling.step(positions, gaps)
        let extent = high - low
        try SliceResampling.checkSize(positions, step: step, extent: extent)
        planes = SliceResampling.planes(positions.depths, step: step)
        size = [positions.planeSize[0] + Int(extent.x), positions.planeSize[1] + Int(extent.y), planes.count]
        decisions = SliceResampling.describe(positions, gaps, step: step, size: size)
    }

    /// Before anything is made: the grid may not be out of proportion to what was sent.
    private static func checkSize(_ positions: SlicePositions, step: Double, extent: SIMD2<Double>) throws(DICOMError) {
        let slices = Double(positions.slices.count)
        let count = (positions.depths[positions.depths.count - 1] / step).rounded() + 1
        guard count <= Double(mostPlanesPerSlice) * slices else {
            throw DICOMError(
                .inconsistentGeometry,
                "\(positions.slices.count) slices are spread over \(positions.millimetres(step * count)) with a step of \(positions.millimetres(step)), "
                    + "expected at least one in \(mostPlanesPerSlice) planes: send the whole series")
        }
        let voxels = (Double(positions.planeSize[0]) + extent.x) * (Double(positions.planeSize[1]) + extent.y) * count
        guard voxels <= Double(mostVoxels) else {
            throw DICOMError(
                .tooLarge,
                "the regular grid of the series has \(Int(min(voxels, 1e18))) voxels, expected at most \(mostVoxels)")
        }
    }

    /// Even slices keep their step, those with gaps that of the rest; otherwise it is the smallest one.
    private static func step(_ positions: SlicePositions, _ gaps: SliceGaps?) -> Double {
        let (depths, slices) = (positions.depths, Double(positions.slices.count))
        let whole = depths[depths.count - 1]
        if let gaps { return whole / max(1, (whole / gaps.step).rounded()) }
        if positions.isEven { return whole / (slices - 1) }
        return max(positions.steps.min() ?? whole, whole / (Double(mostPlanesPerSlice) * slices - 1))
    }

    private static func planes(_ depths: [Double], step: Double) -> [Plane] {
        let count = Int((depths[depths.count - 1] / step + 0.01).rounded(.down)) + 1
        // Positions written with few decimals are no reason to blur: such a slice is taken as it is.
        let tolerance = min(SlicePositions.largestDeviationInMillimetres, 0.1 * step) + 1e-3
        var below = 0
        return (0..<count).map { index in
            let depth = Double(index) * step
            while below + 2 < depths.count, depths[below + 1] <= depth { below += 1 }
            let (start, end) = (depths[below], depths[below + 1])
            let isEqual = abs(depth - start) <= tolerance
            let isNext = abs(depth - end) <= tolerance
            return Plane(below: below, weight: isEqual ? 0 : isNext ? 1 : min(1, (depth - start) / (end - start)))
        }
    }

    private static func describe(_ positions: SlicePositions, _ gaps: SliceGaps?, step: Double, size: [Int]) -> [String]
    {
        var sentences: [String] = []
        if let gaps {
            sentences.append(
                "\(gaps.missing) missing \(gaps.missing == 1 ? "slice" : "slices") interpolated linearly at a step of \(positions.millimetres(step)), as the policy allows"
            )
        } else if !positions.isEven {
            let (low, high) = (
                positions.rounded(positions.steps.min() ?? 0), positions.rounded(positions.steps.max() ?? 0)
            )
            sentences.append("spacing \(low) to \(high) mm resampled linearly to \(positions.millimetres(step))")
        }
        if positions.isTilted {
            let tilt = (positions.tiltInDegrees * 10).rounded() / 10
            sentences.append(
                "gantry tilt of \(tilt)° corrected as a shear: \(positions.planeSize[0])×\(positions.planeSize[1]) slices in a plane of \(size[0])×\(size[1]) pixels"
            )
        }
        return sentences
    }
}
