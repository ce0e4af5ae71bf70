/// Finds the nearest of many points by cubes of space.
struct VertexGrid {
    private static let cell: Float = 4
    private let points: [SIMD3<Float>]
    private var cells: [SIMD3<Int32>: [Int]] = [:]
    private var low = SIMD3<Int32>(repeating: .max)
    private var high = SIMD3<Int32>(repeating: .min)

    init(_ points: [SIMD3<Float>]) {
        self.points = points
        for (index, point) in points.enumerated() {
            let key = Self.key(point)
            cells[key, default: []].append(index)
            low = pointwiseMin(low, key)
            high = pointwiseMax(high, key)
        }
    }

    private static func key(_ point: SIMD3<Float>) -> SIMD3<Int32> { SIMD3<Int32>((point / cell).rounded(.down)) }

    /// To the nearest point; infinite if there is none. Looks at shells of cubes further and further away.
    func distance(_ point: SIMD3<Float>) -> Float {
        guard !points.isEmpty else { return .infinity }
        let centre = Self.key(point)
        var best = Float.infinity
        var radius: Int32 = 0
        while best > Float(radius - 1) * Self.cell {
            let (from, to) = (pointwiseMax(low, centre &- radius), pointwiseMin(high, centre &+ radius))
            if from.x <= to.x, from.y <= to.y, from.z <= to.z {
                for z in from.z...to.z { for y in from.y...to.y { for x in from.x...to.x {
                    let offset = SIMD3(x, y, z) &- centre
                    guard max(abs(offset.x), abs(offset.y), abs(offset.z)) == radius else { continue }
                    for index in cells[SIMD3(x, y, z)] ?? [] {
                        let gap = points[index] - point
                        best = min(best, (gap * gap).sum().squareRoot())
                    }
                } } }
            }
            radius += 1
        }
        return best
    }
}
