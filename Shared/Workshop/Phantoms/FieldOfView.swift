import Statistics
import Volumes

/// The grid of a phantom and where it lies in the scene.
struct FieldOfView: Sendable {
    let geometry: Geometry
    /// One voxel along i, in the scene.
    let step: Point
    /// Mean size of a voxel, millimetres.
    let edge: Float
    private let columns: [Point]
    private let corner: Point

    init(_ configuration: PhantomConfiguration, scene: PhantomScene, seed: UInt64) {
        var generator = SplitMix64(seed: seed ^ 0x6669_656c_64)
        let range = FieldOfView.range(configuration.coverage, scene.curve, &generator)
        let directions = (Orientation(configuration.orientation) ?? .ras).directions
        let spacing = configuration.spacingInMillimetres
        let margin: Float = 24
        let middle = scene.sections.sections[scene.sections.index(of: (range.lowerBound + range.upperBound) / 2)].spine
        let extent = [184, 190 + abs(middle.y) * 0.2, range.upperBound - range.lowerBound + 2 * margin].map(Double.init)
        let size = configuration.size ?? (0..<3).map { max(4, Int(extent[directions[$0].worldAxis] / spacing[$0])) }
        let jitter = Point(generator.signed(), generator.signed(), generator.signed()) * 6
        let centre = FieldOfView.centre(range, size: size, spacing: spacing, directions: directions, scene) + jitter
        let columns = (0..<3).map { axis in
            var column = Point.zero
            column[directions[axis].worldAxis] = Float(spacing[axis]) * (directions[axis].isPositive ? 1 : -1)
            return column
        }
        let half = zip(columns, size).map { $0 * Float($1 - 1) / 2 }
        corner = centre - half[0] - half[1] - half[2]
        self.columns = columns
        step = columns[0]
        edge = Float(spacing.reduce(0, +) / 3)
        // A scanner's origin is anywhere; whole tenths keep DICOM's decimal strings exact.
        let table = SIMD3<Double>((0..<3).map { _ in Double(generator.value(in: -200...200)) })
        let shifted = ((SIMD3<Double>(corner) + table) * 10).rounded(.toNearestOrAwayFromZero) / 10
        let steps = (0..<3).map { axis in
            var column = SIMD3<Double>.zero
            column[directions[axis].worldAxis] = spacing[axis] * (directions[axis].isPositive ? 1 : -1)
            return column
        }
        geometry = Geometry(size: size, affine: Affine(columns: steps, origin: shifted))
    }

    /// The centre of voxel (i, j, k) in the scene.
    @inline(__always)
    func place(_ i: Int, _ j: Int, _ k: Int) -> Point {
        corner + columns[0] * Float(i) + columns[1] * Float(j) + columns[2] * Float(k)
    }

    /// The heights the coverage asks for, in the scene.
    private static func range(
        _ coverage: PhantomConfiguration.Coverage, _ curve: SpineCurve, _ generator: inout SplitMix64
    ) -> ClosedRange<Float> {
        let origins = curve.origins
        switch coverage {
        case .levels(let levels):
            let top = origins[Int(levels.lowerBound) - 1].z + 12
            let bottom = levels.upperBound == 25 ? origins[28].z - 12 : origins[Int(levels.upperBound) - 1].z - 14
            return min(bottom, top)...max(bottom, top)
        case .anywhere:
            let z = generator.value(in: min(origins[26].z, origins[1].z)...max(origins[26].z, origins[1].z))
            return z...z
        }
    }

    /// The spine stays in the field: its mean position over the heights in view, shifted back to show the arches.
    private static func centre(
        _ range: ClosedRange<Float>, size: [Int], spacing: [Double], directions: [Orientation.Direction],
        _ scene: PhantomScene
    ) -> Point {
        let z = (range.lowerBound + range.upperBound) / 2
        let vertical = directions.firstIndex { $0.worldAxis == 2 } ?? 2
        let half = Float(Double(size[vertical]) * spacing[vertical] / 2)
        let bins = scene.sections.index(of: z - half)...scene.sections.index(of: z + half)
        let inView = scene.sections.sections[bins].filter { (0...28).contains($0.level) }
        let spines = inView.map(\.spine)
        guard let first = spines.first else { return Point(0, 0, z) }
        let lowest = spines.reduce(first) { SIMD2(min($0.x, $1.x), min($0.y, $1.y)) }
        let highest = spines.reduce(first) { SIMD2(max($0.x, $1.x), max($0.y, $1.y)) }
        return Point((lowest.x + highest.x) / 2, (lowest.y + highest.y) / 2 - 14, z)
    }
}
