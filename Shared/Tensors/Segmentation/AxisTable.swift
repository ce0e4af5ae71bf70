/// Linear interpolation along one axis: for each index of the original axis, the two network voxels it lies between.
struct AxisTable: Sendable {
    /// The network voxel at or before; the upper one is next to it, or the same one at the border.
    let lower: [Int32]
    /// Weight of the upper one; 0 at the border.
    let fraction: [Float]
    private let last: Int

    /// - Parameters:
    ///   - positions: of the original axis's voxels on the network axis, rising or falling; outside they count as its
    ///     border.
    ///   - length: voxels of the network axis.
    ///   - takesNearest: takes the nearest network voxel, of halves the upper one, instead of going between two.
    init(positions: [Double], length: Int, takesNearest: Bool = false) {
        let rounded = takesNearest ? positions.map { ($0 + 0.5).rounded(.down) } : positions
        let clamped = rounded.map { min(max($0, 0), Double(length - 1)) }
        lower = clamped.map { Int32($0) }
        fraction = zip(clamped, lower).map { Float($0 - Double($1)) }
        last = length - 1
    }

    /// Index n of `count` lies at `offset + scale·n` of the network axis.
    init(count: Int, scale: Double, offset: Double, length: Int) {
        self.init(positions: (0..<count).map { offset + scale * Double($0) }, length: length)
    }

    var count: Int { lower.count }

    /// The two network voxels that `index` lies between.
    func neighbours(_ index: Int) -> (lower: Int, upper: Int) { (Int(lower[index]), min(Int(lower[index]) + 1, last)) }
}
