import TensorCore

/// A network as a sequence of layers, which the doors below run forward, and back.
protocol NetworkBody {
    /// The logits of every head, the full resolution first; of the first alone unless `allHeads`. `dropoutSeed` nil: no dropout.
    func heads(_ image: FeatureMap, _ pass: Pass, dropoutSeed: UInt64?, allHeads: Bool) -> [Variable]
}

extension NetworkBody {
    /// Forward without a tape.
    func outputs(_ input: Tensor, _ parameters: Parameters, _ execution: Execution, in workspace: Workspace, allHeads: Bool) -> [Tensor] {
        let pass = Pass(parameters, in: workspace, arithmetic: execution.arithmetic, prepared: execution.prepared, recorded: false)
        return heads(FeatureMap(input, in: workspace), pass, dropoutSeed: nil, allHeads: allHeads).map { $0.map.planar(in: workspace) }
    }

    /// Forward, `loss`, which gives its value and the gradients by the heads, and back. A head without gradient (nil) takes no part.
    func trainingStep(
        _ input: Tensor, _ parameters: Parameters, _ execution: Execution, in workspace: Workspace, dropoutSeed: UInt64?, allHeads: Bool,
        loss: ([Tensor]) throws -> (value: Double, gradients: [Tensor?])
    ) rethrows -> (loss: Double, gradients: [String: Tensor]) {
        let pass = Pass(
            parameters, in: workspace, arithmetic: execution.arithmetic, recorded: true,
            recomputesActivations: execution.recomputesActivations)
        // Of the heads only where their gradients go is kept: backward needs no logits.
        let (logits, gradients) = {
            let variables = heads(FeatureMap(input, in: workspace), pass, dropoutSeed: dropoutSeed, allHeads: allHeads)
            return (variables.map { $0.map.planar(in: workspace) }, variables.map(\.gradient))
        }()
        let (value, parts) = try loss(logits)
        for (gradient, part) in zip(gradients, parts) { gradient.value = part.map { FeatureMap($0, in: workspace) } }
        return (value, pass.rewind())
    }
}
