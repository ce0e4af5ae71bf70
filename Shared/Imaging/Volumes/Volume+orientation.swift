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
        let geometry = Geometry(
            size: axes.map { size[$0] }, affine: Affine(columns: columns, origin: affine.applied(to: first)))
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
        let permutation = AxisPermutation(size: geometry.size, first: first, steps: steps)
        return Volume(geometry: geometry, voxels: permutation.copied(voxels))
    }
}

extension AxisPermutation {
    /// Copies voxels as plain words of their size: this module is compiled for those, while a caller elsewhere would
    /// run the generic code unspecialised, ten times slower.
    func copyBits<Voxel: BitwiseCopyable>(_ source: UnsafePointer<Voxel>, to target: UnsafeMutablePointer<Voxel>) {
        let count = size[0] * size[1] * size[2]
        func copy<Word: FixedWidthInteger & BitwiseCopyable>(as _: Word.Type) {
            source.withMemoryRebound(to: Word.self, capacity: count) { source in
                target.withMemoryRebound(to: Word.self, capacity: count) { self.copy(source, to: $0) }
            }
        }
        switch (MemoryLayout<Voxel>.stride, MemoryLayout<Voxel>.alignment) {
        case (1, 1): copy(as: UInt8.self)
        case (2, 2): copy(as: UInt16.self)
        case (4, 4): copy(as: UInt32.self)
        case (8, 8): copy(as: UInt64.self)
        default: self.copy(source, to: target)
        }
    }
}

extension Volume where Voxel: BitwiseCopyable {
    /// The same voxels in the order of `target`, a grid through the same points: labels drawn on a NIfTI file made from
    /// a DICOM series usually run along the patient's axes the other way round. Nil if the grids differ by more than
    /// the axes' order and direction.
    package func laid(on target: Geometry, toleranceInMillimetres: Double = 1e-3) -> Volume<Voxel>? {
        let turned =
            geometry.isSameGrid(as: target, toleranceInMillimetres: toleranceInMillimetres)
            ? self : reoriented(to: target.orientation)
        guard turned.geometry.isSameGrid(as: target, toleranceInMillimetres: toleranceInMillimetres) else { return nil }
        return Volume(geometry: target, voxels: turned.voxels)
    }
}
