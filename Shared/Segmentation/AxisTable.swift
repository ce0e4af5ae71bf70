/// Linear interpolation along one axis: for each index of the original axis, the two network voxels it lies between.
struct AxisTable: Sendable {
    /// The network voxel at or before; the upper one is next to it, or the same one at the border.
    let lower: [Int32]
    /// Weight of the upper one; 0 at the border.
    let fraction: [Float]
    private let last: Int

    /// - Parameters:
    ///   - count: voxels of the original axis; index n lies at `offset + scale·n` of the network axis.
    ///   - length: voxels of the network axis; positions outside count as its border.
    init(count: Int, scale: Double, offset: Double, length: Int) {
        let positions = (0..<count).map { min(max(offset + scale * Double($0), 0), Double(length - 1)) }
        lower = positions.map { Int32($0) }
        fraction = zip(positions, lower).map { Float($0 - Double($1)) }
        last = length - 1
    }

    var count: Int { lower.count }

    /// The two network voxels that `index` lies between.
    func neighbours(_ index: Int) -> (lower: Int, upper: Int) { (Int(lower[index]), min(Int(lower[index]) + 1, last)) }
}
