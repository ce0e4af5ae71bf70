import TensorCore

/// What a training pass did, to be undone in reverse. An inference pass keeps no tape, so its activations go as soon as they are used.
///
/// Skips nest: the encoder branches at levels 0, 1, 2 and the decoder joins 2, 1, 0. Backward meets the joins first and stacks
/// their gradients; each branch then adds the one on top.
struct Tape {
    private enum Step {
        case layer(Pullback)
        case branch
        case join
    }

    private var steps: [Step] = []

    mutating func note(_ pullback: @escaping Pullback) { steps.append(.layer(pullback)) }
    mutating func noteBranch() { steps.append(.branch) }
    mutating func noteJoin() { steps.append(.join) }

    /// Runs backward from the gradient by the last output. What a step kept is freed when it is done.
    mutating func rewind(_ gradient: Tensor, pool: ComputePool) -> (input: Tensor, parameters: [String: Tensor]) {
        var gradient = gradient
        var gradients: [String: Tensor] = [:]
        var skipped: [Tensor] = []
        while let step = steps.popLast() {
            switch step {
            case .layer(let pullback): gradient = pullback(gradient, &gradients)
            case .join: skipped.append(gradient)
            case .branch: add(skipped.removeLast(), to: &gradient, pool: pool)
            }
        }
        return (gradient, gradients)
    }
}
