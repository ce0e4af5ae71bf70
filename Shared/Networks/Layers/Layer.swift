import TensorCore

/// Takes the gradient by a layer's output, notes the gradients of its parameters and gives the gradient by its input. Holds what the
/// forward pass kept for it.
typealias Pullback = (_ gradient: Tensor, _ gradients: inout [String: Tensor]) -> Tensor

/// What every layer of one pass works with.
struct LayerContext {
    let parameters: Parameters
    let normalizationGroups: Int
    let pool: ComputePool
}
