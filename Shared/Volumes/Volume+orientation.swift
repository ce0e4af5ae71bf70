import Dispatch

extension Geometry {
    /// The same voxels in another axis order: for each axis of the result, the axis it comes from and whether it is
    /// turned round.
    func reorientation(to target: Orientation) -> (geometry: Geometry, axes: [Int], flipped: [Bool]) {
        let source = orientation
        var axes: [Int] = []
        var flipped: [Bool] = []
        for direction in target.directions {
            let axis = source.directions.firstIndex { $0.worldAxis == direction.worldAxis } ?? 0
            axes.append(axis)
            flipped.append(source.directions[axis].isPositive != direction.isPositive)
        }
        var first = SIMD3<Double>.zero
        for (axis, isFlipped) in zip(axes, flipped) where isFlipped { first[axis] = Double(size[axis] - 1) }
        let columns = zip(axes, flipped).map { affine.column($0) * ($1 ? -1 : 1) }
        let geometry = Geometry(size: axes.map { size[$0] }, affine: Affine(columns: columns, origin: affine.applied(to: first)))
        return (geometry, axes, flipped)
    }

    /// The grid after `Volume.reoriented(to:)`.
    package func reoriented(to target: Orientation) -> Geometry {
        reorientation(to: target).geometry
    }
}

extension Volume where Voxel: BitwiseCopyable {
    /// The same voxels with axes permuted and flipped so that they grow as `target` says; the affine follows, so every
    /// voxel keeps its place in the world. Obliqueness stays. Exact.
    package func reoriented(to target: Orientation) -> Volume<Voxel> {
        let (geometry, axes, flipped) = self.geometry.reorientation(to: target)
        if axes == [0, 1, 2], !flipped.contains(true) { return self }
        let strides = [1, self.geometry.size[0], self.geometry.size[0] * self.geometry.size[1]]
        let steps = zip(axes, flipped).map { $1 ? -strides[$0] : strides[$0] }
        let first = zip(axes, flipped).map { $1 ? strides[$0] * (self.geometry.size[$0] - 1) : 0 }.reduce(0, +)
        let size = geometry.size
        let voxels = [Voxel](unsafeUninitializedCapacity: geometry.voxelCount) { target, count in
            let target = SharedBuffer(target)
            self.voxels.withUnsafeBufferPointer { source in
                let source = SharedBuffer(UnsafeMutableBufferPointer(mutating: source))
                DispatchQueue.concurrentPerform(iterations: size[2]) { k in
                    for j in 0..<size[1] {
                        var from = first + k * steps[2] + j * steps[1]
                        var to = size[0] * (j + size[1] * k)
                        for _ in 0..<size[0] {
                            target.pointer[to] = source.pointer[from]
                            to += 1
                            from += steps[0]
                        }
                    }
                }
            }
            count = geometry.voxelCount
        }
        return Volume(geometry: geometry, voxels: voxels)
    }
}
