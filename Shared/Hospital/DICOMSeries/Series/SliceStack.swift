import Faults
import Foundation
import Volumes

/// The slices of one volume in the order of their positions, and the regular grid they become.
struct SliceStack: Sendable {
    let slices: [SliceHeader]
    let geometry: Geometry
    /// Nil where the slices are the grid's planes.
    let resampling: SliceResampling?
    /// What was decided about the geometry, one sentence each.
    let decisions: [String]

    /// - Throws: `DICOMError`: `duplicateSlice`, `missingSlice`, `missingAttribute`, `inconsistentGeometry`,
    ///   `invalidAttribute`, `tooLarge`.
    init(_ stack: [PlacedSlice], policy: SeriesPolicy) throws(DICOMError) {
        let positions = try SlicePositions(stack)
        slices = positions.slices.map(\.header)
        let gaps = positions.gaps
        if let gaps, policy.missingSlices == .refuse { throw SliceStack.missing(gaps, positions) }
        if gaps == nil, positions.isEven, !positions.isTilted {
            resampling = nil
            decisions = positions.assumptions
            geometry = try SliceStack.geometry(
                positions, step: try positions.evenStep(), first: .zero, size: positions.planeSize + [slices.count])
            return
        }
        let resampling = try SliceResampling(positions, gaps: gaps)
        self.resampling = resampling
        decisions = positions.assumptions + resampling.decisions
        geometry = try SliceStack.geometry(
            positions, step: positions.normal * resampling.step, first: resampling.firstPixel, size: resampling.size)
    }

    private static func geometry(
        _ positions: SlicePositions, step: SIMD3<Double>, first: SIMD2<Double>, size: [Int]
    ) throws(DICOMError) -> Geometry {
        let slice = positions.reference
        let columns = [slice.rowDirection * slice.columnSpacing, slice.columnDirection * slice.rowSpacing, step]
        let origin = slice.position + columns[0] * first.x + columns[1] * first.y
        let geometry = Geometry(size: size, affine: Affine(columns: columns.map(turned), origin: turned(origin)))
        guard geometry.affine.isInvertible else {
            throw DICOMError(.invalidAttribute, "pixel spacing and slice step do not span a volume")
        }
        return geometry
    }

    /// DICOM's LPS to RAS: the first two coordinates change their sign. The only place where this happens on reading.
    private static func turned(_ vector: SIMD3<Double>) -> SIMD3<Double> { vector * SIMD3(-1, -1, 1) }

    private static func missing(_ gaps: SliceGaps, _ positions: SlicePositions) -> DICOMError {
        DICOMError(
            .missingSlice,
            "series lacks \(gaps.missing) \(gaps.missing == 1 ? "slice" : "slices"): gap between \(positions.millimetres(gaps.first.from)) and "
                + "\(positions.millimetres(gaps.first.to)) along the slice normal, expected a step of \(positions.millimetres(gaps.step)); "
                + "send the whole series, or allow missing slices to be interpolated",
            path: positions.reference.header.path)
    }
}

extension SlicePositions {
    /// Columns, rows.
    var planeSize: [Int] { [reference.header.layout.columns, reference.header.layout.rows] }
}
