package import TensorCore

extension Network {
    /// Logits `(N, classes, D, H, W)` for an input `(N, inputChannels, D, H, W)`; inference, without dropout.
    ///
    /// Throws `shapeMismatch` when the channels differ or an axis is not a multiple of its divisor, `memoryLimit` or `outOfMemory` before it
    /// starts.
    package func logits(_ input: Tensor, by execution: Execution = Execution()) throws -> Tensor {
        try outputs(input, by: execution, allHeads: false)[0]
    }

    /// The logits of every head, the full resolution first; one for a network without deep supervision. Throws as `logits`.
    package func outputs(_ input: Tensor, by execution: Execution = Execution()) throws -> [Tensor] {
        try outputs(input, by: execution, allHeads: true)
    }

    private func outputs(_ input: Tensor, by execution: Execution, allHeads: Bool) throws -> [Tensor] {
        try configuration.requireInput(shape: input.shape)
        try execution.workspace.reserve(plan(inference: input.shape, by: execution, allHeads: allHeads))
        return body.outputs(input, parameters, execution, in: execution.workspace, allHeads: allHeads)
    }

    /// One training pass on the full-resolution logits: forward with dropout (nil seed = off), `loss`, which gives its value and the
    /// gradient by the logits, then backward. Gives the value and the gradient of every parameter that the loss depends on, in the
    /// table's order.
    ///
    /// Throws what `loss` throws, and as `logits` does.
    package func trainingStep(
        _ input: Tensor, dropoutSeed: UInt64?, by execution: Execution = Execution(),
        loss: (Tensor) throws -> (value: Double, gradient: Tensor)
    ) throws -> (loss: Double, gradients: Parameters) {
        try trainingStep(input, dropoutSeed: dropoutSeed, by: execution, allHeads: false) { logits in
            let (value, gradient) = try loss(logits[0])
            return (value, [gradient])
        }
    }

    /// The same with deep supervision: `loss` gets the logits of every head and gives as many gradients, nil for a head that takes no part.
    package func trainingStep(
        _ input: Tensor, dropoutSeed: UInt64?, by execution: Execution = Execution(), allHeads: Bool,
        loss: ([Tensor]) throws -> (value: Double, gradients: [Tensor?])
    ) throws -> (loss: Double, gradients: Parameters) {
        try configuration.requireInput(shape: input.shape)
        try execution.workspace.reserve(plan(training: input.shape, by: execution, allHeads: allHeads))
        let (value, gradients) = try body.trainingStep(
            input, parameters, execution, in: execution.workspace, dropoutSeed: dropoutSeed, allHeads: allHeads
        ) { logits in
            let (value, gradients) = try loss(logits)
            guard gradients.count == logits.count, zip(logits, gradients).allSatisfy({ $1 == nil || $0.shape == $1?.shape }) else {
                throw TensorError(
                    .shapeMismatch,
                    "the loss's gradients must have the logits' shapes \(logits.map(\.shape)), got \(gradients.map { $0?.shape ?? [] })")
            }
            return (value, gradients)
        }
        return (value, Parameters(named: parameters.names.compactMap { name in gradients[name].map { (name, $0) } }))
    }

    /// The memory that inference on an input of this shape will need at its peak, found without computing.
    package func plan(inference inputShape: [Int], by execution: Execution = .inference(), allHeads: Bool = false) -> MemoryPlan {
        complete(execution.workspace.plan { workspace in
            _ = body.outputs(workspace.tensor(inputShape), parameters, execution, in: workspace, allHeads: allHeads)
        })
    }

    /// The memory of a training pass; the optimiser's own comes on top.
    package func plan(training inputShape: [Int], by execution: Execution = Execution(), allHeads: Bool = false) -> MemoryPlan {
        complete(execution.workspace.plan { workspace in
            _ = body.trainingStep(
                workspace.tensor(inputShape), parameters, execution, in: workspace, dropoutSeed: 0, allHeads: allHeads
            ) { logits in (0, logits.map { workspace.tensor($0.shape) }) }
        })
    }

    private func complete(_ plan: MemoryPlan) -> MemoryPlan {
        var plan = plan
        plan.parameterBytes += parameters.parameterCount * 4
        return plan
    }

    private var body: any NetworkBody {
        switch configuration {
        case .segResNet(let configuration): SegResNet.Body(configuration: configuration)
        case .plainUNet(let configuration): PlainUNet.Body(configuration: configuration)
        case .residualEncoderUNet(let configuration): ResidualEncoderUNet.Body(configuration: configuration)
        }
    }
}
