import TensorCore

/// What a pass did, to be undone in reverse.
struct Tape {
    /// Reads the gradient of what the step made, adds to those of what it read and of its parameters.
    typealias Step = (_ gradients: inout [String: Tensor]) -> Void

    private var steps: [Step] = []

    mutating func note(_ step: @escaping Step) { steps.append(step) }

    /// What a step kept is freed when it is done.
    mutating func rewind(_ gradients: inout [String: Tensor]) {
        while let step = steps.popLast() { step(&gradients) }
    }
}
