import TensorCore

extension NetworkDescription {
    /// Forward without a tape.
    func outputs(
        _ input: Tensor, _ parameters: Parameters, _ execution: Execution, in workspace: Workspace, allHeads: Bool
    ) -> [Tensor] {
        let pass = Pass(
            parameters, in: workspace, arithmetic: execution.arithmetic, prepared: execution.prepared, recorded: false)
        return heads(FeatureMap(input, in: workspace), pass, dropoutSeed: nil, allHeads: allHeads).map {
            $0.map.planar(in: workspace)
        }
    }

    /// Forward, `loss`, which turns the logits of the heads into the gradients by them and gives its value, and back. A
    /// head that it makes nil takes no part.
    func trainingStep(
        _ input: Tensor, _ parameters: Parameters, _ execution: Execution, in workspace: Workspace,
        dropoutSeed: UInt64?, allHeads: Bool,
        loss: (inout [Tensor?]) throws -> Double
    ) rethrows -> (loss: Double, gradients: [String: Tensor]) {
        let pass = Pass(
            parameters, in: workspace, arithmetic: execution.arithmetic, recorded: true,
            recomputesActivations: execution.recomputesActivations)
        // Of the heads only where their gradients go is kept: backward needs no logits.
        let gradients: [Gradient]
        var logits: [Tensor?]
        (logits, gradients) = {
            let variables = heads(FeatureMap(input, in: workspace), pass, dropoutSeed: dropoutSeed, allHeads: allHeads)
            return (variables.map { $0.map.planar(in: workspace) }, variables.map(\.gradient))
        }()
        let value = try loss(&logits)
        for index in gradients.indices {
            gradients[index].value = logits[index].map { FeatureMap($0, in: workspace) }
            logits[index] = nil
        }
        return (value, pass.rewind())
    }
}
