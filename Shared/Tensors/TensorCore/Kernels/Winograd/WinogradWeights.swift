import Threads

/// The weights of a 3×3×3 convolution through G along each axis: `[panel of 16 outputs][216 points][input slot][16]`.
///
/// Input slots are the lanes of the sources' blocks in order; slots and outputs that are no channels have zeros.
package struct WinogradWeights: Sendable {
    let tensor: Tensor
    let slots: Int
    let panels: Int

    init(_ weights: ConvolutionWeights, in workspace: Workspace) {
        slots = weights.slots.count
        panels = (weights.outputs + 15) / 16
        let (panels, slots) = (panels, slots)
        var tensor = workspace.tensor([panels, Winograd.pointsOfTile, slots, 16])
        tensor.writeDisjointly { target in
            workspace.forEach(count: panels * slots, scratch: (27 + 54 + 108) * 8) { index, scratch in
                let (panel, slot) = (index / slots, index % slots)
                let place = target.base + (panel * Winograd.pointsOfTile * slots + slot) * 16
                for half in 0..<2 {
                    for tap in 0..<27 {
                        weights.vector(outputBlock: panel * 2 + half, slot: slot, tap: tap).store(at: scratch + tap * 8)
                    }
                    Self.transform(scratch, into: place + half * 8, stride: slots * 16)
                }
            }
        }
        self.tensor = tensor
    }

    /// 27 taps in `scratch` to 216 points.
    private static func transform(
        _ scratch: UnsafeMutablePointer<Float>, into target: UnsafeMutablePointer<Float>, stride: Int
    ) {
        let (lines, planes) = (scratch + 27 * 8, scratch + (27 + 54) * 8)
        // (depth, height, width) → (depth, height, width point) → (depth, height point, …) → points
        for line in 0..<9 {
            Winograd.store(Winograd.weight(Winograd.loadThree(scratch + line * 24, 8)), lines + line * 48, 8)
        }
        for depth in 0..<3 {
            for width in 0..<6 {
                Winograd.store(
                    Winograd.weight(Winograd.loadThree(lines + (depth * 18 + width) * 8, 48)),
                    planes + (depth * 36 + width) * 8, 48)
            }
        }
        for place in 0..<36 {
            Winograd.store(
                Winograd.weight(Winograd.loadThree(planes + place * 8, 36 * 8)), target + place * stride, 36 * stride)
        }
    }
}
