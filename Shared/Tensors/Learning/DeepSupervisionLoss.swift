package import Ranks
package import TensorCore
package import Threads

/// nnU-Net's training loss: `DiceCrossEntropy` in its form on every head but the lowest, against the labels at the
/// head's resolution, halving in weight from head to head.
package struct DeepSupervisionLoss: Sendable {
    private let loss: DiceCrossEntropy

    /// - Parameter batchDice: whether Dice's sums go over all samples (nnU-Net: where a plan for low resolution
    ///   exists).
    package init(batchDice: Bool = false) { loss = DiceCrossEntropy(.nnUNet(batchDice: batchDice)) }

    /// 2⁻ⁱ for head i, 0 for the last of several, together 1.
    package static func weights(heads: Int) -> [Double] {
        let weights = (0..<heads).map { $0 > 0 && $0 == heads - 1 ? 0 : 1 / Double(1 << $0) }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    /// - Parameters:
    ///   - heads: the logits (N, K, D, H, W) of every head, the full resolution first; turned into the gradients by
    ///     them, nil for one without weight, which takes no part.
    ///   - labels: N·D·H·W classes at full resolution, each below K (the caller has checked).
    ///   - exchange: with the ranks that have the batch's other samples.
    package func callAsFunction(
        _ heads: inout [Tensor?], labels: [UInt8], exchange: any RankExchange = Alone(), pool: ComputePool = .shared
    ) -> (value: Double, dice: Double, crossEntropy: Double) {
        var (dice, crossEntropy): (Double, Double) = (0, 0)
        guard let full = heads.first??.extent else { return (0, 0, 0) }
        for (index, weight) in Self.weights(heads: heads.count).enumerated() {
            guard weight > 0, var logits = heads[index].take() else {
                heads[index] = nil
                continue
            }
            let target = Self.resampled(labels, from: full, to: logits.extent)
            let result = loss(&logits, labels: target, exchange: exchange, pool: pool)
            dice += weight * result.dice
            crossEntropy += weight * result.crossEntropy
            logits.withUnsafeMutableBufferPointer { for index in $0.indices { $0[index] *= Float(weight) } }
            heads[index] = logits
        }
        return (dice + crossEntropy, dice, crossEntropy)
    }

    /// Labels at another resolution: each voxel takes the one at ⌊(o + ½) · n / m⌋ along every axis (PyTorch's
    /// "nearest-exact").
    package static func resampled(_ labels: [UInt8], from: Extent, to: Extent) -> [UInt8] {
        guard from != to else { return labels }
        func places(_ n: Int, _ m: Int) -> [Int] { (0..<m).map { (2 * $0 + 1) * n / (2 * m) } }
        let (depths, heights, widths) = (
            places(from.depth, to.depth), places(from.height, to.height), places(from.width, to.width)
        )
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
