import Volumes

/// A volume seen along the patient's axes whatever the order of its own: index (r, a, s) grows to the right, the front
/// and the head. Nothing is copied.
struct AnatomicalView {
    let size: [Int]
    let spacingInMillimetres: [Double]
    private let strides: [Int]
    private let first: Int

    init(_ geometry: Geometry) {
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
}
