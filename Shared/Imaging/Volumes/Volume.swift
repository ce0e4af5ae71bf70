/// Voxels on a grid, i fastest, then j, then k (the order of a NIfTI file).
package struct Volume<Voxel: Sendable>: Sendable {
    package var geometry: Geometry
    /// `geometry.voxelCount` values; voxel (i, j, k) at `i + size[0] * (j + size[1] * k)`.
    package var voxels: [Voxel]

    package init(geometry: Geometry, voxels: [Voxel]) {
        precondition(
            voxels.count == geometry.voxelCount,
            "a volume of \(geometry.size) has \(geometry.voxelCount) voxels, got \(voxels.count)")
        self.geometry = geometry
        self.voxels = voxels
    }

    package init(geometry: Geometry, repeating value: Voxel) {
        self.init(geometry: geometry, voxels: Array(repeating: value, count: geometry.voxelCount))
    }

    /// The position of voxel (i, j, k) in `voxels`.
    package func offset(_ i: Int, _ j: Int, _ k: Int) -> Int {
        i + geometry.size[0] * (j + geometry.size[1] * k)
    }

    /// Where slice k is in `voxels`.
    package func slice(_ k: Int) -> Range<Int> { offset(0, 0, k)..<offset(0, 0, k + 1) }

    /// Where row (j, k) is in `voxels`.
    package func row(_ j: Int, _ k: Int) -> Range<Int> { offset(0, j, k)..<offset(0, j + 1, k) }

    package subscript(i: Int, j: Int, k: Int) -> Voxel {
        get { voxels[offset(i, j, k)] }
        set { voxels[offset(i, j, k)] = newValue }
    }

    /// The same grid with every voxel transformed.
    package func map<Result: Sendable>(_ transform: (Voxel) throws -> Result) rethrows -> Volume<Result> {
        Volume<Result>(geometry: geometry, voxels: try voxels.map(transform))
    }
}

extension Volume: Equatable where Voxel: Equatable {}

extension Volume<UInt8> {
    /// How many voxels have each value 0…255.
    package var labelCounts: [Int] {
        var counts = [Int](repeating: 0, count: 256)
        for voxel in voxels { counts[Int(voxel)] += 1 }
        return counts
    }

    /// Every label replaced by `table[label]` (256 entries), as `Numbering.table(to:)` gives it.
    package func relabelled(by table: [UInt8]) -> Volume<UInt8> {
        precondition(table.count == 256, "a label table has 256 entries, got \(table.count)")
        return map { table[Int($0)] }
    }
}
