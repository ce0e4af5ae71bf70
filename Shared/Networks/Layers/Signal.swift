import TensorCore

/// What a layer reads: a variable as it is, or normalised and activated on the way in.
final class Signal {
    let feature: Feature
    /// By the variable.
    private let gradient: Gradient
    /// The norm in front of the activation; nil: there is none.
    private let norm: Norm?
    /// Whether the variable is read as it is.
    private let isPlain: Bool
    /// Layers that read it and whose backward pass has not come yet.
    private var readers = 0
    /// By the activated values, as long as readers are left.
    private var unfinished: FeatureMap?

    struct Norm {
        let name: String
        let weight: Tensor
        let normalization: Normalization
    }

    init(_ variable: Variable) {
        feature = Feature(variable.map)
        gradient = variable.gradient
        norm = nil
        isPlain = true
    }

    /// - Parameter norm: nil for an activation alone.
    init(_ variable: Variable, feature: Feature, norm: Norm?) {
        self.feature = feature
        gradient = variable.gradient
        self.norm = norm
        isPlain = false
    }

    func noteReader() { readers += 1 }

    /// Takes one reader's part of the gradient, which `make` computes into a target. With the last part the gradient goes through activation and
    /// norm to the variable, and the norm's parameters get theirs.
    func takeGradient(
        _ gradients: inout [String: Tensor], in workspace: Workspace, _ make: (GradientTarget) -> (map: FeatureMap, sums: ChannelSums?)
    ) {
        readers -= 1
        guard !isPlain else {
            gradient.value = make(GradientTarget(adding: gradient.value)).map
            return
        }
        let isLast = readers == 0
        let (part, sums) = make(GradientTarget(adding: unfinished, gate: isLast ? feature : nil))
        guard isLast, let sums else {
            unfinished = part
            return
        }
        finish(part, sums, &gradients, in: workspace)
    }

    /// A reader that got no gradient itself, because no loss depends on it.
    func withdrawReader(_ gradients: inout [String: Tensor], in workspace: Workspace) {
        readers -= 1
        guard readers == 0, let part = unfinished else { return }
        let (gated, sums) = passedGradient(part, target: GradientTarget(gate: feature), in: workspace)
        if let sums { finish(gated, sums, &gradients, in: workspace) }
    }

    /// The gradient by the variable, from the whole one behind the activation.
    private func finish(_ part: FeatureMap, _ sums: ChannelSums, _ gradients: inout [String: Tensor], in workspace: Workspace) {
        unfinished = nil
        guard let norm else { return gradient.add(part, in: workspace) }
        norm.normalization.inputGradient(
            part, of: feature.map, weight: norm.weight, sums: sums, adding: gradient.value, in: workspace)
        gradient.value = part
        (gradients[norm.name + ".weight"], gradients[norm.name + ".bias"]) = norm.normalization.parameterGradients(sums)
    }
}
