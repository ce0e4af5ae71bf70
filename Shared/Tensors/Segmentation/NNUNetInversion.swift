import Volumes

/// How nnU-Net v2 brings logits back to the original grid (`resampling_fn_probabilities` with order 1 and order_z 0):
/// axes are scaled by the ratio of sizes, between half a voxel beyond the outer centres; where z is separate, the
/// coarse axis takes the nearest plane.
struct NNUNetInversion: Sendable {
    /// The plan's spacing, along the network's axes.
    let networkSpacing: [Double]
    /// The original grid's, along its own.
    let originalSpacing: [Double]

    /// Per network axis; nil for grids that do not fill the same space, which are inverted where they lie.
    /// - Parameter axes: the original axis that runs along network axis D, H, W.
    func tables(network: [Int], original: [Int], axes: [Int], map: Affine) -> [AxisTable]? {
        var tables: [AxisTable] = []
        let separate =
            axes.map({ original[$0] }) == network
            ? nil : Resampling.separateAxis(from: networkSpacing, to: axes.map { originalSpacing[$0] })
        for (row, axis) in axes.enumerated() {
            let scale = Double(network[row]) / Double(original[axis])
            let rising = (0..<original[axis]).map { scale * (Double($0) + 0.5) - 0.5 }
            let positions = map[row, axis] < 0 ? rising.reversed() : rising
            let lie = positions.indices.map { map[row, 3] + map[row, axis] * Double($0) }
            guard zip(positions, lie).allSatisfy({ abs($0 - $1) < 0.05 }) else { return nil }
            tables.append(AxisTable(positions: positions, length: network[row], takesNearest: row == separate))
        }
        return tables
    }
}
