import Faults
import Volumes

/// How a label map lies in the planes of the source images: which voxel axis runs along a row of pixels, which down a
/// column, and which from plane to plane. Directions are in LPS millimetres.
struct FrameGrid {
    /// Pixels in a row, rows, planes.
    let columns: Int
    let rows: Int
    let planes: Int
    /// Of the label map's voxels, from one pixel to the next in a row, to the next row, to the next plane; and the
    /// first one's place.
    let strides: (column: Int, row: Int, plane: Int)
    let start: Int
    /// Centre of the first pixel of the first plane, and the steps from there.
    let origin: SIMD3<Double>
    let columnStep: SIMD3<Double>
    let rowStep: SIMD3<Double>
    let planeStep: SIMD3<Double>

    /// - Parameter orientation: of the source images; the planes lie as nearly along them as the grid's axes allow.
    /// - Throws: `invalidLabels` for planes that are no rectangles.
    init(_ geometry: Geometry, orientation: [Double]) throws(SegmentationObjectError) {
        let steps = (0..<3).map { Self.lps(geometry.affine.column($0)) }
        let wanted = [Self.vector(orientation, 0), Self.vector(orientation, 3), Self.normal(orientation)]
        func fit(_ axis: Int, _ direction: Int) -> Double { steps[axis].normalized.dot(wanted[direction]) }
        // Of the six ways to give the axes out, the one that fits best as a whole.
        let ways = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
        func quality(_ way: [Int]) -> Double { (0..<3).map { abs(fit(way[$0], $0)) }.reduce(0, +) }
        let axes = ways.dropFirst().reduce(ways[0]) { quality($1) > quality($0) + 1e-9 ? $1 : $0 }
        let senses = (0..<3).map { fit(axes[$0], $0) < 0 ? -1 : 1 }
        let memory = [1, geometry.size[0], geometry.size[0] * geometry.size[1]]
        var (first, start) = (Self.lps(geometry.affine.origin), 0)
        for (axis, sense) in zip(axes, senses) where sense < 0 {
            first += steps[axis] * Double(geometry.size[axis] - 1)
            start += memory[axis] * (geometry.size[axis] - 1)
        }
        let (column, row, plane) = (
            steps[axes[0]] * Double(senses[0]), steps[axes[1]] * Double(senses[1]), steps[axes[2]] * Double(senses[2])
        )
        let skew = abs(column.normalized.dot(row.normalized))
        guard skew < 1e-3 else {
            throw SegmentationObjectError(
                .invalidLabels, "planes of the label map must be rectangles, got axes whose cosine is \(skew)")
        }
        (columns, rows, planes) = (geometry.size[axes[0]], geometry.size[axes[1]], geometry.size[axes[2]])
        strides = (memory[axes[0]] * senses[0], memory[axes[1]] * senses[1], memory[axes[2]] * senses[2])
        (self.start, origin, columnStep, rowStep, planeStep) = (start, first, column, row, plane)
    }

    func position(ofPlane plane: Int) -> SIMD3<Double> { origin + planeStep * Double(plane) }

    /// Six numbers, as Image Orientation (Patient).
    var orientation: [Double] {
        let (row, column) = (columnStep.normalized, rowStep.normalized)
        return (0..<3).map { row[$0] } + (0..<3).map { column[$0] }
    }

    /// Between rows and between columns, as Pixel Spacing.
    var pixelSpacing: [Double] { [rowStep.length, columnStep.length] }

    /// Between planes, along their normal.
    var planeSpacing: Double { abs(Self.normal(orientation).dot(planeStep)) }

    /// The same grid with the axes in the order column, row, plane.
    var geometry: Geometry {
        Geometry(
            size: [columns, rows, planes],
            affine: Affine(columns: [columnStep, rowStep, planeStep].map(Self.lps), origin: Self.lps(origin)))
    }

    // MARK: Directions

    /// LPS from RAS and back.
    static func lps(_ vector: SIMD3<Double>) -> SIMD3<Double> { SIMD3(-vector.x, -vector.y, vector.z) }

    static func vector(_ numbers: [Double], _ start: Int) -> SIMD3<Double> {
        SIMD3(numbers[start], numbers[start + 1], numbers[start + 2])
    }

    /// Of an Image Orientation (Patient).
    static func normal(_ orientation: [Double]) -> SIMD3<Double> {
        vector(orientation, 0).cross(vector(orientation, 3))
    }

    /// Whether both directions have length 1 and are at right angles, as far as 16 characters can say so.
    static func isOrthonormal(_ orientation: [Double]) -> Bool {
        let (row, column) = (vector(orientation, 0), vector(orientation, 3))
        return abs(row.length - 1) < 1e-2 && abs(column.length - 1) < 1e-2 && abs(row.dot(column)) < 1e-2
    }
}
