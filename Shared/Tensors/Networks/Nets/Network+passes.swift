import Faults
package import TensorCore

extension Network {
    /// Logits `(N, classes, D, H, W)` for an input `(N, inputChannels, D, H, W)`; inference, without dropout.
    ///
    /// Throws `shapeMismatch` when the channels differ or an axis is not a multiple of its divisor, `memoryLimit` or
    /// `outOfMemory` before it starts.
    package func logits(_ input: Tensor, by execution: Execution = Execution()) throws -> Tensor {
        try outputs(input, by: execution, allHeads: false)[0]
    }

    /// The logits of every head, the full resolution first; one for a network without deep supervision. Throws as
    /// `logits`.
    package func outputs(_ input: Tensor, by execution: Execution = Execution()) throws -> [Tensor] {
        try outputs(input, by: execution, allHeads: true)
    }

    private func outputs(_ input: Tensor, by execution: Execution, allHeads: Bool) throws -> [Tensor] {
        try configuration.requireInput(shape: input.shape)
        try execution.workspace.reserve(plan(inference: input.shape, by: execution, allHeads: allHeads))
        return configuration.description.outputs(
            input, parameters, execution, in: execution.workspace, allHeads: allHeads)
    }

    /// One training pass on the full-resolution logits: forward with dropout (nil seed = off), `loss`, which turns the
    /// logits into the gradient by them, in place, and gives its value, then backward. Gives the value and the gradient
    /// of every parameter that the loss depends on, in the table's order.
    ///
    /// Throws what `loss` throws, and as `logits` does.
    package func trainingStep(
        _ input: Tensor, dropoutSeed: UInt64?, by execution: Execution = Execution(),
        loss: (inout Tensor) throws -> Double
    ) throws -> (loss: Double, gradients: Parameters) {
        try trainingStep(input, dropoutSeed: dropoutSeed, by: execution, allHeads: false) { heads in
            guard var logits = heads[0].take() else { return 0 }
            defer { heads[0] = logits }
            return try loss(&logits)
        }
    }

    /// The same with deep supervision: `loss` gets the logits of every head, and makes nil those of a head that takes
    /// no part.
    package func trainingStep(
        _ input: Tensor, dropoutSeed: UInt64?, by execution: Execution = Execution(), allHeads: Bool,
        loss: (inout [Tensor?]) throws -> Double
    ) throws -> (loss: Double, gradients: Parameters) {
        try configuration.requireInput(shape: input.shape)
        if let obstacle = configuration.trainingObstacle {
            throw TensorError(.invalidConfiguration, "the network cannot be trained here: \(obstacle)")
        }
        try execution.workspace.reserve(plan(training: input.shape, by: execution, allHeads: allHeads))
        let (value, gradients) = try configuration.description.trainingStep(
            input, parameters, execution, in: execution.workspace, dropoutSeed: dropoutSeed, allHeads: allHeads
        ) { heads in
            let shapes = heads.map { $0?.shape }
            let value = try loss(&heads)
            require(
                heads.count == shapes.count && zip(heads, shapes).allSatisfy { $0 == nil || $0?.shape == $1 },
                "the loss must leave gradients of the logits' shapes \(shapes)")
            return value
        }
        return (value, Parameters(named: parameters.names.compactMap { name in gradients[name].map { (name, $0) } }))
    }

    /// The memory that inference on an input of this shape will need at its peak, and its multiplications, found without
    /// computing.
    package func plan(inference inputShape: [Int], by execution: Execution = .inference(), allHeads: Bool = false)
        -> MemoryPlan
    {
        // The caller's, not the workspace's.
        let input = Workspace.placeholder(inputShape)
        return complete(
            execution.workspace.plan { workspace in
                _ = configuration.description.outputs(input, parameters, execution, in: workspace, allHeads: allHeads)
            })
    }

    /// The memory of a training pass; the optimiser's own comes on top.
    package func plan(training inputShape: [Int], by execution: Execution = Execution(), allHeads: Bool = false)
        -> MemoryPlan
    {
        // The caller's, not the workspace's.
        let input = Workspace.placeholder(inputShape)
        return complete(
            execution.workspace.plan { workspace in
                _ = configuration.description.trainingStep(
                    input, parameters, execution, in: workspace, dropoutSeed: 0, allHeads: allHeads
                ) { _ in 0 }
            })
    }

    private func complete(_ plan: MemoryPlan) -> MemoryPlan {
        var plan = plan
        plan.parameterBytes += parameters.parameterCount * 4
        return plan
    }
}
