package import TensorCore

/// nnU-Net's training loss: `DiceCrossEntropy` in its form on every head but the lowest, against the labels at the head's resolution,
/// halving in weight from head to head.
package struct DeepSupervisionLoss: Sendable {
    private let loss: DiceCrossEntropy

    /// - Parameter batchDice: whether Dice's sums go over all samples (nnU-Net: where a plan for low resolution exists).
    package init(batchDice: Bool = false) { loss = DiceCrossEntropy(.nnUNet(batchDice: batchDice)) }

    /// 2⁻ⁱ for head i, 0 for the last of several, together 1.
    package static func weights(heads: Int) -> [Double] {
        let weights = (0..<heads).map { $0 > 0 && $0 == heads - 1 ? 0 : 1 / Double(1 << $0) }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    /// - Parameters:
    ///   - logits: (N, K, D, H, W) of every head, the full resolution first.
    ///   - labels: N·D·H·W classes at full resolution, each below K (the caller has checked).
    /// - Returns: The value, and the gradient by each head's logits; nil for one without weight, which takes no part.
    package func callAsFunction(
        logits: [Tensor], labels: [UInt8], pool: ComputePool = .shared
    ) -> (value: Double, dice: Double, crossEntropy: Double, gradients: [Tensor?]) {
        var (dice, crossEntropy): (Double, Double) = (0, 0)
        var gradients: [Tensor?] = []
        for (output, weight) in zip(logits, Self.weights(heads: logits.count)) {
            guard weight > 0 else {
                gradients.append(nil)
                continue
            }
            let target = Self.resampled(labels, from: logits[0].extent, to: output.extent)
            let result = loss(logits: output, labels: target, pool: pool)
            dice += weight * result.dice
            crossEntropy += weight * result.crossEntropy
            var gradient = result.gradient
            gradient.withUnsafeMutableBufferPointer { for index in $0.indices { $0[index] *= Float(weight) } }
            gradients.append(gradient)
        }
        return (dice + crossEntropy, dice, crossEntropy, gradients)
    }

    /// Labels at another resolution: each voxel takes the one at ⌊(o + ½) · n / m⌋ along every axis (PyTorch's "nearest-exact").
    package static func resampled(_ labels: [UInt8], from: Extent, to: Extent) -> [UInt8] {
        guard from != to else { return labels }
        func places(_ n: Int, _ m: Int) -> [Int] { (0..<m).map { (2 * $0 + 1) * n / (2 * m) } }
        let (depths, heights, widths) = (places(from.depth, to.depth), places(from.height, to.height), places(from.width, to.width))
        var result: [UInt8] = []
        result.reserveCapacity(labels.count / from.count * to.count)
        for sample in 0..<labels.count / from.count {
            for depth in depths {
                for height in heights {
                    let row = ((sample * from.depth + depth) * from.height + height) * from.width
                    for width in widths { result.append(labels[row + width]) }
                }
            }
        }
        return result
    }
}
