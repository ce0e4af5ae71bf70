import TensorCore
import Threads

extension Recipe.Loss {
    /// Turns the heads' logits, the full resolution first, into the gradients by them; nil for a head that takes no
    /// part.
    func value(_ heads: inout [Tensor?], labels: [UInt8], pool: ComputePool) -> (dice: Double, crossEntropy: Double) {
        switch self {
        case .deepSupervision:
            let result = DeepSupervisionLoss()(&heads, labels: labels, pool: pool)
            return (result.dice, result.crossEntropy)
        case .diceCrossEntropy:
            guard var logits = heads[0].take() else { return (0, 0) }
            let result = DiceCrossEntropy()(&logits, labels: labels, pool: pool)
            heads[0] = logits
            return (result.dice, result.crossEntropy)
        }
    }
}
