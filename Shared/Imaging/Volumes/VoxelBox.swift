/// A box of voxels of a grid.
package struct VoxelBox: Sendable, Equatable {
    /// The voxels along i, j and k; none is empty.
    package let ranges: [Range<Int>]

    package init(_ ranges: [Range<Int>]) {
        precondition(
            ranges.count == 3 && ranges.allSatisfy { !$0.isEmpty },
            "a box has 3 ranges that are not empty, got \(ranges)")
        self.ranges = ranges
    }
}

extension Geometry {
    package var wholeBox: VoxelBox { VoxelBox(size.map { 0..<$0 }) }

    /// The grid of the box's voxels, where they are.
    package func cropped(to box: VoxelBox) -> Geometry {
        let first = SIMD3<Double>(box.ranges.map { Double($0.lowerBound) })
        return Geometry(
            size: box.ranges.map(\.count),
            affine: Affine(columns: (0..<3).map(affine.column), origin: affine.applied(to: first)))
    }

    /// The box whose outer faces are those of `other`, a grid of the same axes in any order, direction and voxel sizes;
    /// nil where faces lie within voxels or outside of this grid.
    package func box(filledBy other: Geometry) -> VoxelBox? {
        guard affine.isInvertible else { return nil }
        let map = affine.inverse * other.affine
        let ends = [SIMD3(repeating: -0.5), SIMD3(other.size.map { Double($0) - 0.5 })].map(map.applied)
        var ranges: [Range<Int>] = []
        for axis in 0..<3 {
            let faces = ends.map { $0[axis] + 0.5 }
            let rounded = faces.map { $0.rounded() }
            // Affines in files have single precision.
            guard zip(faces, rounded).allSatisfy({ abs($0 - $1) < 0.05 }),
                rounded.allSatisfy({ (0...Double(size[axis])).contains($0) })
            else { return nil }
            let (first, last) = (Int(min(rounded[0], rounded[1])), Int(max(rounded[0], rounded[1])))
            guard first < last else { return nil }
            ranges.append(first..<last)
        }
        return VoxelBox(ranges)
    }
}

extension Geometry {
    /// The box of voxels that are those of `other`, a grid of the same axes and voxel sizes; nil where there is none.
    package func box(ofSameVoxels other: Geometry) -> VoxelBox? {
        guard affine.isInvertible else { return nil }
        let map = affine.inverse * other.affine
        let (first, last) = (map.applied(to: .zero), map.applied(to: SIMD3(other.size.map { Double($0) - 1 })))
        var ranges: [Range<Int>] = []
        for axis in 0..<3 {
            let start = first[axis].rounded()
            // Affines in files have single precision.
            guard abs(first[axis] - start) < 0.05, abs(last[axis] - start - Double(other.size[axis] - 1)) < 0.05,
                start >= 0, Int(start) + other.size[axis] <= size[axis]
            else { return nil }
            ranges.append(Int(start)..<Int(start) + other.size[axis])
        }
        return VoxelBox(ranges)
    }
}

extension Volume where Voxel: BitwiseCopyable {
    package func cropped(to box: VoxelBox) -> Volume<Voxel> {
        guard box != geometry.wholeBox else { return self }
        var voxels: [Voxel] = []
        voxels.reserveCapacity(box.ranges.reduce(1) { $0 * $1.count })
        for k in box.ranges[2] {
            for j in box.ranges[1] {
                let row = offset(0, j, k)
                voxels += self.voxels[row + box.ranges[0].lowerBound..<row + box.ranges[0].upperBound]
            }
        }
        return Volume(geometry: geometry.cropped(to: box), voxels: voxels)
    }

    /// The box may reach beyond the grid, where `outside` stands.
    package func cropped(to box: VoxelBox, outside: Voxel) -> Volume<Voxel> {
        let inside = (0..<3).map { box.ranges[$0].clamped(to: 0..<geometry.size[$0]) }
        guard inside.allSatisfy({ !$0.isEmpty }) else {
            return Volume(geometry: geometry.cropped(to: box), repeating: outside)
        }
        let shifted = (0..<3).map {
            inside[$0].lowerBound - box.ranges[$0].lowerBound..<inside[$0].upperBound - box.ranges[$0].lowerBound
        }
        return cropped(to: VoxelBox(inside)).placed(
            at: VoxelBox(shifted), in: geometry.cropped(to: box), outside: outside)
    }

    /// A volume on `whole` that holds this one at `box` and `outside` elsewhere.
    package func placed(at box: VoxelBox, in whole: Geometry, outside: Voxel) -> Volume<Voxel> {
        precondition(
            geometry.size == box.ranges.map(\.count), "\(geometry.size) voxels do not fill the box \(box.ranges)")
        guard box != whole.wholeBox else { return Volume(geometry: whole, voxels: voxels) }
        var result = Volume(geometry: whole, repeating: outside)
        var next = 0
        for k in box.ranges[2] {
            for j in box.ranges[1] {
                let row = result.offset(box.ranges[0].lowerBound, j, k)
                let count = box.ranges[0].count
                result.voxels.replaceSubrange(row..<row + count, with: voxels[next..<next + count])
                next += count
            }
        }
        return result
    }
}

extension Volume<Float> {
    /// The smallest box that holds every voxel that is not exactly 0; the whole grid where all are.
    package var boxOfNonZeroVoxels: VoxelBox {
        let size = geometry.size
        /// Whether a plane across `axis` holds anything; ends at the first voxel that is, which in a CT is the
        /// first of all.
        func holds(_ axis: Int, _ index: Int) -> Bool {
            var (first, last) = ([0, 0, 0], size)
            (first[axis], last[axis]) = (index, index + 1)
            for k in first[2]..<last[2] {
                for j in first[1]..<last[1] {
                    let row = voxels.span.extracting(row(j, k))
                    for i in first[0]..<last[0] where row[i] != 0 { return true }
                }
            }
            return false
        }
        var ranges: [Range<Int>] = []
        for axis in (0..<3).reversed() {
            guard let first = (0..<size[axis]).first(where: { holds(axis, $0) }) else { return geometry.wholeBox }
            let last = (first..<size[axis]).last { holds(axis, $0) } ?? first
            ranges.insert(first..<last + 1, at: 0)
        }
        return VoxelBox(ranges)
    }
}
