import Volumes

/// A volume seen along the patient's axes whatever the order of its own: index (r, a, s) grows to the right, the front
/// and the head. Nothing is copied.
struct AnatomicalView {
    let size: [Int]
    let spacingInMillimetres: [Double]
    private let strides: [Int]
    private let first: Int
    private let grid: Geometry

    init(_ geometry: Geometry) {
        grid = geometry
        let directions = geometry.orientation.directions
        let own = [1, geometry.size[0], geometry.size[0] * geometry.size[1]]
        let spacing = geometry.spacingInMillimetres
        var (size, lengths, strides, first) = ([1, 1, 1], [1.0, 1, 1], [0, 0, 0], 0)
        for (axis, direction) in directions.enumerated() {
            let world = direction.worldAxis
            size[world] = geometry.size[axis]
            lengths[world] = spacing[axis]
            strides[world] = direction.isPositive ? own[axis] : -own[axis]
            if !direction.isPositive { first += own[axis] * (geometry.size[axis] - 1) }
        }
        (self.size, spacingInMillimetres, self.strides, self.first) = (size, lengths, strides, first)
    }

    /// The position of voxel (r, a, s) in `Volume.voxels`.
    @inline(__always)
    func offset(_ r: Int, _ a: Int, _ s: Int) -> Int {
        first + r * strides[0] + a * strides[1] + s * strides[2]
    }

    func offset(_ index: [Int]) -> Int { offset(index[0], index[1], index[2]) }

    /// How many labelled voxels each slice across each axis (right, front, head) has.
    func labelProfiles(_ voxels: [UInt8]) -> [[Int]] {
        var counts = grid.size.map { [Int](repeating: 0, count: $0) }
        var offset = 0
        for k in 0..<grid.size[2] {
            for j in 0..<grid.size[1] {
                var inRow = 0
                for i in 0..<grid.size[0] {
                    if voxels[offset] != 0 {
                        counts[0][i] += 1
                        inRow += 1
                    }
                    offset += 1
                }
                counts[1][j] += inRow
                counts[2][k] += inRow
            }
        }
        var profiles: [[Int]] = [[], [], []]
        for (axis, direction) in grid.orientation.directions.enumerated() {
            profiles[direction.worldAxis] = direction.isPositive ? counts[axis] : counts[axis].reversed()
        }
        return profiles
    }
}
