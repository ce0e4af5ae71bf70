import Statistics
import Volumes

/// The part of a scene that is made, at the voxels that are asked for: no more of a body than a crop shows.
struct SceneWindow: Sendable {
    /// Voxels along i, j, k.
    let size: [Int]
    let spacing: [Float]
    /// As the scanner tells it: axes along the world's.
    let geometry: Geometry
    /// Of i, j, k, the one along which the scanner takes its slices.
    let sliceAxis: Int
    /// The middle of the window in the scene.
    let centre: Point
    /// One voxel along i, j, k, in the scene: the patient may lie turned in the scanner.
    let columns: [Point]

    /// - Parameters:
    ///   - orientation: three letters that are an orientation.
    ///   - turn: of the patient in the scanner.
    init(size: [Int], spacing: [Double], orientation: String, centre: Point, turn: Frame) {
        let directions = (Orientation(orientation) ?? .ras).directions
        self.size = size
        self.spacing = spacing.map(Float.init)
        self.centre = centre
        let steps = (0..<3).map { axis in
            var step = SIMD3<Double>.zero
            step[directions[axis].worldAxis] = spacing[axis] * (directions[axis].isPositive ? 1 : -1)
            return step
        }
        sliceAxis = directions.firstIndex { $0.worldAxis == 2 } ?? 2
        columns = steps.map { turn.turned(Point(Float($0.x), Float($0.y), Float($0.z))) }
        let corner = zip(steps, size).reduce(SIMD3<Double>(centre)) { $0 - $1.0 * (Double($1.1 - 1) / 2) }
        // Whole tenths keep DICOM's decimal strings exact.
        let origin = (corner * 10).rounded(.toNearestOrAwayFromZero) / 10
        geometry = Geometry(size: size, affine: Affine(columns: steps, origin: origin))
    }

    var count: Int { size[0] * size[1] * size[2] }

    /// Mean edge of a voxel, mm.
    var edge: Float { (spacing[0] + spacing[1] + spacing[2]) / 3 }

    func place(_ i: Float, _ j: Float, _ k: Float) -> Point {
        centre + columns[0] * (i - Float(size[0] - 1) / 2) + columns[1] * (j - Float(size[1] - 1) / 2) + columns[2]
            * (k - Float(size[2] - 1) / 2)
    }

    /// The voxels that a body with these corners may fill, `margin` mm around it; nil: none.
    func box(around corners: [Point], margin: Float) -> (low: [Int], high: [Int])? {
        var (low, high) = ([0, 0, 0], [0, 0, 0])
        for axis in 0..<3 {
            let step = columns[axis]
            let along = corners.map { ($0 - centre).dot(step) / step.dot(step) + Float(size[axis] - 1) / 2 }
            let room = margin / spacing[axis]
            let bounds = ((along.min() ?? 0) - room, (along.max() ?? 0) + room)
            guard bounds.0 < Float(size[axis]), bounds.1 > 0 else { return nil }
            low[axis] = max(Int(bounds.0.rounded(.down)), 0)
            high[axis] = min(Int(bounds.1.rounded(.up)), size[axis] - 1)
            guard low[axis] <= high[axis] else { return nil }
        }
        return (low, high)
    }
}
