/// Linear interpolation along one axis: for each index of the original axis, the two network voxels it lies between.
struct AxisTable: Sendable {
    let lower: [Int]
    let upper: [Int]
    /// Weight of `upper`.
    let fraction: [Float]

    /// - Parameters:
    ///   - count: voxels of the original axis; index n lies at `offset + scale·n` of the network axis.
    ///   - length: voxels of the network axis; positions outside count as its border.
    init(count: Int, scale: Double, offset: Double, length: Int) {
        let positions = (0..<count).map { min(max(offset + scale * Double($0), 0), Double(length - 1)) }
        lower = positions.map { Int($0) }
        upper = lower.map { min($0 + 1, length - 1) }
        fraction = zip(positions, lower).map { Float($0 - Double($1)) }
    }
}
