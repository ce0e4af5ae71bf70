package import Ranks
package import TensorCore
package import Threads

extension Recipe {
    /// Turns the heads' logits, the full resolution first, into the gradients by them; nil for a head that takes no
    /// part.
    ///
    /// - Parameter exchange: with the ranks that have the batch's other samples.
    package func lossValue(
        _ heads: inout [Tensor?], labels: [UInt8], exchange: any RankExchange = Alone(), pool: ComputePool
    ) -> (dice: Double, crossEntropy: Double) {
        func onFullResolution(_ form: DiceCrossEntropy.Form) -> (dice: Double, crossEntropy: Double) {
            guard var logits = heads[0].take() else { return (0, 0) }
            let result = DiceCrossEntropy(form)(&logits, labels: labels, exchange: exchange, pool: pool)
            heads[0] = logits
            return (result.dice, result.crossEntropy)
        }
        switch loss {
        case .diceCrossEntropy: return onFullResolution(.monai)
        case .presentClasses: return onFullResolution(.presentClasses)
        case .deepSupervision:
            let result = DeepSupervisionLoss(batchDice: batchDice ?? false)(
                &heads, labels: labels, exchange: exchange, pool: pool)
            return (result.dice, result.crossEntropy)
        }
    }
}
